"""Which people of several articles are one."""

from collections import defaultdict
from collections.abc import Iterable

from schemas import LocalEntity
from tasks.resolve.groups import ArticleContext, Group, titles_of
from tasks.resolve.name_keys import entity_key
from tasks.resolve.names import agree_in_full, fold_name, split_name
from tasks.resolve.title_comparison import may_follow_each_other, titles_agree, titles_conflict
from tasks.resolve.titles import load_countries, load_title_words, load_unions, normalize_title

# A surname alone is somebody whom so many articles name in full, if it is nobody else's by far. Chosen by reading who
# is meant among 298 posts of a blog.
WELL_KNOWN, BY_FAR = 4, 4
# Who is named in a larger share of the articles than this is company of everybody.
COMMON_COMPANY = 0.1


def join_people(
    people: list[LocalEntity],
    contexts: dict[str, ArticleContext],
    others: Iterable[LocalEntity] = (),
    told: Iterable[Group] = (),
) -> list[Group]:
    """Groups of the people who are one, those `told` by the user first, whom other spellings and surnames may join.

    `others` are the organisations of the articles: articles that name the same ones, or the same people, may tell
    of one person in two offices.
    """
    joined = _People(contexts, _find_company([*people, *others]))
    for group in told:
        joined.know(group)
    return joined.join(people)


def _find_company(local: list[LocalEntity]) -> dict[str, frozenset[str]]:
    """Keys of the people in full and of the organisations that each article names, without those named everywhere."""
    named: dict[str, set[str]] = defaultdict(set)
    for item in local:
        key = entity_key(item.name, item.label)
        if key is not None and item.label in ("PERSON", "ORG"):
            named[key].add(item.article_id)
    article_count = len({item.article_id for item in local})
    company: dict[str, set[str]] = defaultdict(set)
    for key, articles in named.items():
        if len(articles) <= max(2, COMMON_COMPANY * article_count):
            for article_id in articles:
                company[article_id].add(key)
    return {article_id: frozenset(keys) for article_id, keys in company.items()}


class _People:
    """Joins people; groups are looked up by folded name, by surname, and by story."""

    def __init__(self, contexts: dict[str, ArticleContext], company: dict[str, frozenset[str]]) -> None:
        self.contexts = contexts
        self.company = company
        self.groups: list[Group] = []
        self.by_name: dict[str, list[Group]] = defaultdict(list)
        self.by_surname: dict[str, list[Group]] = defaultdict(list)
        self.by_story: dict[str, list[Group]] = defaultdict(list)

    def join(self, people: list[LocalEntity]) -> list[Group]:
        """Groups of the people, those with a full name first."""
        for item in people:
            if split_name(item.name)[0]:
                self._put(item, self._find_full(item))
        for item in people:
            if not split_name(item.name)[0]:
                self._put(item, self._find_short(item))
        return self.groups

    def know(self, group: Group) -> None:
        """Takes in a group whose members are known already."""
        self.groups.append(group)
        for item in group.members:
            self._index(item, group)

    def _put(self, item: LocalEntity, group: Group | None) -> None:
        if group is None:
            group = Group()
            self.groups.append(group)
        group.add(item, self.contexts[item.article_id].story_id)
        self._index(item, group)

    def _index(self, item: LocalEntity, group: Group) -> None:
        story = self.contexts[item.article_id].story_id
        surname = fold_name(split_name(item.name)[1]).split()
        for index, key in (
            (self.by_name, fold_name(item.name)),
            (self.by_surname, surname[-1] if surname else None),
            (self.by_story, story),
        ):
            if key is not None and not any(group is other for other in index[key]):
                index[key].append(group)

    def _find_full(self, item: LocalEntity) -> Group | None:
        story = self.contexts[item.article_id].story_id
        same = [group for group in self.by_name[fold_name(item.name)] if self._may_be(group, item, story)]
        if same:
            # Of namesakes the one in this story, else the one of this office.
            return max(same, key=lambda group: (story in group.stories, self._offices_agree(group, item)))
        if initialled := self._find_initialled(item, story):
            return initialled
        near = self.by_story[story] if story is not None else []
        near = [group for group in near if item.article_id not in group.articles and self._roles_fit(group, item)]
        spelled = [group for group in near if self._is_spelling(group, item)]
        surname = fold_name(split_name(item.name)[1]).split()
        others = self.by_surname[surname[-1]] if surname else []
        spelled += [group for group in others if self._offices_agree(group, item) and self._is_spelling(group, item)]
        return spelled[0] if spelled else None

    def _find_initialled(self, item: LocalEntity, story: str | None) -> Group | None:
        """The only person of that first name and surname, where initials between them are printed for one alone."""
        key = _without_initials(item.name)
        surname = key.split()[-1:]
        others = self.by_surname[surname[0]] if surname else []
        same = [
            group
            for group in others
            if any(_without_initials(name) == key for name in group.names) and self._may_be(group, item, story)
        ]
        return same[0] if len(same) == 1 else None

    def _find_short(self, item: LocalEntity) -> Group | None:
        story = self.contexts[item.article_id].story_id
        if story is not None:
            near = [group for group in self.by_story[story] if self._is_spelling(group, item)]
            if near:
                full = [group for group in near if split_name(group.name)[0]] or near
                return full[0] if len(full) == 1 and item.article_id not in full[0].articles else None
        surname = fold_name(item.name).split()
        others = self.by_surname[surname[-1]] if surname else []
        fitting = [group for group in others if self._offices_agree(group, item) and self._is_spelling(group, item)]
        if not fitting:
            fitting = self._find_well_known(others, item)
        return fitting[0] if len(fitting) == 1 and item.article_id not in fitting[0].articles else None

    def _find_well_known(self, others: list[Group], item: LocalEntity) -> list[Group]:
        """The person of that surname whom many articles name in full, and who is alone or by far the best known."""
        full = [group for group in others if split_name(group.name)[0]]
        ranked = sorted(full, key=lambda group: -len(group.articles))
        rest = sum(len(group.articles) for group in ranked[1:])
        if not ranked or len(ranked[0].articles) < max(WELL_KNOWN, BY_FAR * rest):
            return []
        return [group for group in ranked[:1] if self._roles_fit(group, item) and self._is_spelling(group, item)]

    def _may_be(self, group: Group, item: LocalEntity, story: str | None) -> bool:
        """Whether a person of that very name is the group's: not a father's son, nor a namesake.

        Offices change: one of another walk of life or country tells a namesake, where the articles name nobody and
        nothing else in common.
        """
        if item.gender and group.genders and item.gender not in group.genders:
            return False
        if not all(agree_in_full(name, item.name) for name in group.names):
            return False
        if story is not None and story in group.stories:
            return True
        fits = self._roles_fit(group, item) and not self._lands_differ(group, item)
        return fits or self._career_fits(group, item) or self._keeps_company(group, item)

    def _lands_differ(self, group: Group, item: LocalEntity) -> bool:
        """Whether the titles of both tell a country, and none the same: two foreign ministers of one name."""
        lands = _lands(normalize_title(title) for title in titles_of(item))
        others = _lands(group.titles)
        return bool(lands and others) and lands.isdisjoint(others)

    def _career_fits(self, group: Group, item: LocalEntity) -> bool:
        """Whether some office of the one may come before or after one of the other's."""
        titles = {normalize_title(title) for title in titles_of(item)}
        return any(may_follow_each_other(one, other) for one in titles for other in group.titles)

    def _keeps_company(self, group: Group, item: LocalEntity) -> bool:
        """Whether the article names people or organisations that the group's articles name as well."""
        own = {entity_key(item.name, "PERSON"), *group.keys}
        company = self.company.get(item.article_id, frozenset()) - own
        return any(not company.isdisjoint(self.company.get(article_id, ())) for article_id in group.articles)

    def _roles_fit(self, group: Group, item: LocalEntity) -> bool:
        """Whether some office printed for the one can be an office of the other, or none is printed."""
        titles = {normalize_title(title) for title in titles_of(item)}
        return not titles or not group.titles or not all(titles_conflict(a, b) for a in titles for b in group.titles)

    def _is_spelling(self, group: Group, item: LocalEntity) -> bool:
        if item.gender and group.genders and item.gender not in group.genders:
            return False
        return all(agree_in_full(name, item.name) for name in group.names)

    def _offices_agree(self, group: Group, item: LocalEntity) -> bool:
        titles = {normalize_title(title) for title in titles_of(item)}
        return any(titles_agree(one, other) for one in titles for other in group.titles)


def _lands(titles: Iterable[str]) -> set[str]:
    """The countries whose offices normalised titles name.

    Unions of countries are none; an envoy's title may name where they are sent as well as who sends them.
    """
    envoys = load_title_words().envoys
    words = {word for title in titles if envoys.isdisjoint(title.split()) for word in title.split()}
    return words & (set(load_countries().values()) - load_unions())


def _without_initials(name: str) -> str:
    """The folded name without initials behind the first name."""
    first, *rest = fold_name(name).split() or [""]
    return " ".join([first, *(word for word in rest if len(word) > 1)])
