"""Pages of people."""

from __future__ import annotations

from dataclasses import replace

from tests.site.example_site import bare_site, example_site
from threadkit.site import people
from threadkit.site.people import deeds, pages
from threadkit.site.values import Page, Person, Site


def _pages(site: Site) -> dict[str, str]:
    return {page.path: _text(page) for page in pages(site)}


def _text(page: Page) -> str:
    return "".join(page.content)  # type: ignore[arg-type]


def test_everybody_has_a_page_and_a_row_that_leads_there() -> None:
    made = _pages(example_site())
    assert set(made) == {"people.html", *(f"p/{key}.html" for key in example_site().people)}
    for key in example_site().people:
        assert f'href="p/{key}.html"' in made["people.html"]


def test_who_answers_whom_is_counted_and_answers_to_oneself_are_not() -> None:
    done = {deed.person.key: deed for deed in deeds(example_site())}
    assert [(who.key, n) for who, n in done["ada"].answers] == [("cy", 1)]
    assert [(who.key, n) for who, n in done["ada"].answered_by] == [("bo", 1), ("di", 1)]
    assert done["finn"].answers == ()


def test_concessions_stand_with_both_who_gave_in_and_who_was_right() -> None:
    done = {deed.person.key: deed for deed in deeds(example_site())}
    assert [one.claim.id for one in done["ada"].concedes] == ["1"]
    assert [(one.claim.id, one.by) for one in done["bo"].won] == [("1", "ada")]
    assert done["ada"].won == ()
    made = _pages(example_site())
    assert "<h2>Concedes</h2>" in made["p/ada.html"]
    assert "<h2>Others concede</h2>" in made["p/bo.html"]


def test_claims_name_status_and_stand_and_lead_to_the_map() -> None:
    html = _pages(example_site())["p/cy.html"]
    assert 'href="../c/2.html"' in html
    assert '<span class="tag hot">contested</span>' in html
    assert '<b>yes</b> to “<a href="../map-references-or-users.html">' in html


def test_messages_are_in_the_order_of_time_and_lead_to_their_pages() -> None:
    html = _pages(example_site())["p/eve.html"]
    assert html.index("older@example.org.html") < html.rindex("broke@example.org.html")
    assert "before the thread" in html
    assert "text not here" in html


def test_addresses_are_shown_only_if_the_site_has_them() -> None:
    site = example_site()
    hidden = {key: one._replace(address="") for key, one in site.people.items()}
    assert "ada@example.org</dd>" in _pages(site)["p/ada.html"]
    assert "Address" not in _pages(replace(site, people=hidden))["p/ada.html"]


def test_a_thread_without_claims_has_people_too() -> None:
    made = _pages(bare_site())
    assert "Claims" not in made["people.html"]
    assert "<h2>Messages</h2>" in made["p/bo.html"]


def test_long_lists_are_cut_into_parts_that_lead_to_each_other() -> None:
    site = example_site()
    mail = next(one for one in site.mails if one.person == "ada")
    mails = [
        replace(mail, message_id=f"{n}@x", name=f"{n}@x", order=n) for n in range(people.ROWS + 5)
    ]
    made = _pages(replace(site, mails=mails))
    assert {"p/ada.html", "p/ada~2.html"} <= set(made)
    assert 'href="../p/ada~2.html">2</a>' in made["p/ada.html"]
    assert made["p/ada~2.html"].count("<li>") == 5
    assert "<h2>Claims</h2>" not in made["p/ada~2.html"]
    assert all(len(text.encode()) < 300_000 for text in made.values())


def test_names_are_escaped() -> None:
    site = example_site()
    evil = Person("ada", '"><img src=x onerror=y>\u202e', 1, about="<i>")
    made = _pages(replace(site, people={**site.people, "ada": evil}))
    assert all("<img" not in text and "\u202e" not in text for text in made.values())
    assert "&lt;i&gt;" in made["p/ada.html"]
