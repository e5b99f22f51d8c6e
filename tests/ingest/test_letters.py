import time
import tomllib

import pytest

from tasks.ingest.encoding import decode
from tasks.ingest.letters import LETTERS_FILE, MOST_BYTES, rank_encodings

# Sentences of a story that is made up, each in its language.
SENTENCES = {
    "german": (
        "Der Bürgermeister erklärte am Freitag, die Fähre werde künftig früher ablegen. „Wir müssen die "
        "Gäste schützen“, sagte er; das Geschäft laufe für die Höfe schlecht, und größere Straßen führen"
        " über die Brücke."
    ),
    "french": (
        "Le maire a déclaré vendredi que le ferry partirait désormais plus tôt. « Nous devons protéger "
        "les passagers », a-t-il ajouté ; l’été dernier, la société avait été très critiquée à cause des"
        " retards, et où est passé le bénéfice ?"
    ),
    "spanish": (
        "El alcalde declaró el viernes que el transbordador saldrá más temprano. «Tenemos que proteger a"
        " los niños», añadió; la compañía perdió el año pasado más dinero que nunca, según informó "
        "también la región."
    ),
    "portuguese": (
        "O presidente da câmara disse na sexta-feira que a balsa não partirá mais cedo. «Não há razão "
        "para alterações», afirmou; as tarifas serão também reduzidas, e a população já começou a "
        "reclamar."
    ),
    "swedish": (
        "Borgmästaren sade på fredagen att färjan ska gå tidigare på våren. ”Vi måste skydda gästerna på"
        " ön”, sade hon; hösten blev svår för företagen och många båtar låg stilla."
    ),
    "danish": (
        "Borgmesteren sagde fredag, at færgen skal sejle tidligere på året. »Vi må beskytte gæsterne på "
        "øen,« sagde hun; det går dårligt for småvirksomhederne, og mange både lå stille i går."
    ),
    "icelandic": (
        "Bæjarstjórinn sagði á föstudag að ferjan færi fyrr í vor. Við verðum að vernda gestina á "
        "eyjunni, sagði hún; það gengur illa hjá fyrirtækjunum og margir bátar lágu við bryggju."
    ),
    "polish": (
        "Burmistrz powiedział w piątek, że prom będzie odpływał wcześniej. „Musimy chronić gości”, "
        "dodała; spółka straciła w zeszłym roku więcej pieniędzy niż kiedykolwiek, a mieszkańcy już się "
        "skarżą na opóźnienia i źle działające światła."
    ),
    "czech": (
        "Starostka v pátek řekla, že přívoz bude vyplouvat dříve. „Musíme chránit hosty,“ dodala; "
        "společnost loni přišla o více peněz než kdy jindy a obyvatelé si už stěžují na zpoždění, "
        "protože loď často stojí u břehu."
    ),
    "slovak": (
        "Starostka v piatok povedala, že loď bude vyplávať skôr. „Musíme chrániť hostí,“ dodala; "
        "spoločnosť vlani prišla o viac peňazí než kedykoľvek predtým a obyvatelia sa už sťažujú, že sa "
        "všetko omeškáva."
    ),
    "hungarian": (
        "A polgármester pénteken azt mondta, hogy a komp korábban fog indulni. „Meg kell védenünk a "
        "vendégeket” – tette hozzá; a cég tavaly több pénzt veszített, mint bármikor, és a lakosság már "
        "panaszkodik a késések miatt, főleg az időjárás és a hűvös ősz után."
    ),
    "romanian": (
        "Primarul a declarat vineri că feribotul va pleca mai devreme. „Trebuie să ne protejăm "
        "oaspeţii”, a spus ea; compania a pierdut anul trecut mai mulţi bani decât oricând, iar "
        "locuitorii se plâng deja că întârzierile îi costă şi că nimeni nu răspunde."
    ),
    "slovene": (
        "Županja je v petek povedala, da bo trajekt odplul prej. »Zaščititi moramo goste,« je dodala; "
        "družba je lani izgubila več denarja kot kdaj koli, prebivalci pa se že pritožujejo nad "
        "zamudami."
    ),
    "croatian": (
        "Gradonačelnica je u petak rekla da će trajekt isplovljavati ranije. „Moramo zaštititi goste“, "
        "dodala je; tvrtka je prošle godine izgubila više novca nego ikad, a građani se već žale na "
        "kašnjenja i loše vođenje."
    ),
    "turkish": (
        "Belediye başkanı cuma günü feribotun daha erken kalkacağını söyledi. “Misafirlerimizi "
        "korumalıyız” diye ekledi; şirket geçen yıl hiç olmadığı kadar para kaybetti ve halk "
        "gecikmelerden şimdiden şikâyetçi, çünkü ışıklar da yanmıyor."
    ),
    "lithuanian": (
        "Merė penktadienį pasakė, kad keltas išplauks anksčiau. „Turime saugoti svečius“, pridūrė ji; "
        "bendrovė pernai prarado daugiau pinigų nei bet kada, o gyventojai jau skundžiasi vėlavimais ir "
        "blogai veikiančiomis šviesomis."
    ),
    "latvian": (
        "Mēre piektdien sacīja, ka prāmis izbrauks agrāk. “Mums jāsargā viesi,” viņa piebilda; uzņēmums "
        "pērn zaudēja vairāk naudas nekā jebkad, un iedzīvotāji jau sūdzas par kavējumiem un slikto "
        "apgaismojumu."
    ),
    "estonian": (
        "Linnapea ütles reedel, et praam väljub varem. „Peame külalisi kaitsma,“ lisas ta; ettevõte "
        "kaotas mullu rohkem raha kui kunagi varem, ja elanikud kurdavad juba hilinemiste üle, sest "
        "öösel ei põle tuled."
    ),
    "english": (
        "The mayor said on Friday that the ferry would leave earlier. “We’ve got to protect our guests,”"
        " she added — the firm’s losses came to £50m, and the café at the quay stayed open."
    ),
}
WESTERN = ("german", "french", "spanish", "portuguese", "swedish", "danish", "icelandic", "english")
CENTRAL = ("polish", "czech", "slovak", "hungarian", "romanian", "slovene", "croatian")
ENCODINGS = (
    dict.fromkeys(WESTERN, ("cp1252",))
    | dict.fromkeys(CENTRAL, ("cp1250", "iso8859_2"))
    | {"turkish": ("cp1254",), "lithuanian": ("cp1257",), "latvian": ("cp1257",), "estonian": ("cp1257", "cp1252")}
)
CASES = [(language, encoding) for language in SENTENCES for encoding in ENCODINGS[language]]
# ISO 8859-2 has no curved marks.
STRAIGHT = str.maketrans(dict.fromkeys("„“”«»’‘", '"') | dict.fromkeys("–—", "-"))
SCRIPT = "<script>" + "if (a < b) { track('x'); }\n" * 400 + "</script><p>"
RULES = tomllib.loads(LETTERS_FILE.read_text("utf-8"))


@pytest.mark.parametrize("frame", ["{}", SCRIPT + "{}</p>", '"{}"'], ids=["text", "page", "quoted"])
@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_decode_reads_languages_in_latin_letters_in_their_encodings(language, encoding, frame):
    text = SENTENCES[language]
    text = frame.replace("{}", text.translate(STRAIGHT) if encoding == "iso8859_2" else text)
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    "mark",
    ["¥500 million", "Kelm™ said", "2019 © Tide", "Tide® said", "¼ cup", "3¾ miles", "5 × 6", "£5m", "José", "30°C"],
)
def test_decode_reads_a_single_mark_of_english_as_windows_1252(mark):
    text = f"The mayor said that the ferry would leave earlier. {mark}, she added."
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("Министр сообщил, что переговоры прошли хорошо.", "cp1251", id="Russian"),
        pytest.param("Министр сообщил, что переговоры прошли хорошо.", "koi8_r", id="Russian in KOI8"),
        pytest.param("Η δήμαρχος είπε ότι το πλοίο θα φεύγει νωρίτερα.", "cp1253", id="Greek"),
        pytest.param("市長は金曜日にフェリーが春に再開すると述べた。", "cp932", id="Japanese"),
        pytest.param("plain", "ascii", id="no letter beyond ASCII"),
    ],
)
def test_rank_encodings_leaves_other_letters_to_others(text, encoding):
    assert rank_encodings(text.encode(encoding)) == []


@pytest.mark.parametrize(
    "unit", [b"\xe9", b"a\xe9", b"\xe9 ", b"\xe9\xe9\xe9 ", b"\x93", bytes(range(128, 256)) + b" "]
)
def test_rank_encodings_takes_little_time_for_any_bytes(unit):
    raw = unit * (8_000_000 // len(unit))
    began = time.process_time()
    rank_encodings(raw)
    # Some passes of native code over the whole text, and a look at each of MOST_BYTES.
    assert time.process_time() - began < 2


def test_rank_encodings_looks_at_the_first_bytes_alone():
    text = SENTENCES["polish"].encode("cp1250")
    assert rank_encodings(text * (MOST_BYTES // 20) + SENTENCES["french"].encode("cp1252") * 999)[0] == "cp1250"


def test_letters_can_be_written_in_their_encodings():
    for rule in RULES.values():
        for encoding in rule["encodings"]:
            rule["letters"].encode(encoding)
        assert len(set(rule["letters"])) == len(rule["letters"])
