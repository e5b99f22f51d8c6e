from tasks.first_names import load_every_first_name, load_first_names, load_sure_first_names


def test_load_first_names_leaves_names_of_both_out():
    assert (load_first_names()["anna"], load_first_names()["peter"]) == ("female", "male")
    assert "robin" not in load_first_names()


def test_load_sure_first_names_leaves_places_and_words_out():
    assert "anna" in load_sure_first_names()
    assert load_sure_first_names().isdisjoint({"charlotte", "mark", "virginia"})


def test_load_every_first_name_holds_all():
    assert load_every_first_name() > load_sure_first_names()
