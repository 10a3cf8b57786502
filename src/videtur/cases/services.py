"""The only writer of cases, their parties and their members; and what frames the work in them."""

from videtur.cases.framing import (
    add_allegation,
    assign,
    declare_conflict_of_interest,
    end_assignment,
    set_house_rules,
)
from videtur.cases.loading import load_case
from videtur.cases.models import Case, Membership, Party
from videtur.cases.queries import case_with_slug_of, find_case, members_of, parties_of
from videtur.cases.roles import ROLES
from videtur.cases.slugs import slug_of
from videtur.errors import WrongUsage
from videtur.ledger.models import RecordedRow
from videtur.ledger.services import exclusively, record
from videtur.people.models import User

__all__ = [
    "add_allegation",
    "add_member",
    "add_party",
    "assign",
    "create_case",
    "declare_conflict_of_interest",
    "end_assignment",
    "find_or_create_case",
    "load_case",
    "remove_member",
    "revise_case",
    "set_house_rules",
]

_LONGEST_TITLE = 300


def create_case(actor: str, title: str, summary: str = "", lead: User | None = None) -> Case:
    """Open a case; `lead` becomes its case lead. Raises WrongUsage when the name is taken or unusable."""
    title = " ".join(title.split())
    if not title or len(title) > _LONGEST_TITLE or not title.isprintable():
        raise WrongUsage(
            f"{title[:40]!r} cannot be the name of a case",
            f"It takes 1 to {_LONGEST_TITLE} printable letters",
        )
    with exclusively():
        if taken := find_case(title) or case_with_slug_of(title):
            raise WrongUsage(
                f"The case {taken.title!r} has the short name {taken.slug}, as {title!r} would",
                remedy=f"Name it {taken.slug}, or choose a name that differs by a word",
            )
        case = Case(slug=slug_of(title), title=title, summary=summary)
        rows: list[RecordedRow] = [case]
        if lead is not None:
            rows.append(Membership(case=case.thing, user_id=lead.id, role="case_lead"))
        record("cases.case.created", actor, rows, case=case.slug)
    return case


def find_or_create_case(actor: str, name: str, lead: User | None = None) -> Case:
    """The case of that slug or title; opened now if there is none."""
    with exclusively():
        return find_case(name) or create_case(actor, name, lead=lead)


def revise_case(actor: str, case: Case, title: str, summary: str) -> Case:
    """Write the next version of a case's title and summary; the slug stays."""
    with exclusively():
        present = Case.present().get(thing=case.thing)
        revised = Case(
            thing=case.thing, version=present.version + 1, slug=case.slug, title=title, summary=summary
        )
        record("cases.case.revised", actor, [revised], case=case.slug)
    return revised


def add_party(actor: str, case: Case, code: str, name: str, kind: str) -> Party:
    """Name a party in a case; naming it again with another name or kind writes its next version."""
    if kind not in Party.KINDS:
        raise WrongUsage(f"{kind!r} is no kind of party", remedy=f"Use one of: {', '.join(Party.KINDS)}")
    with exclusively():
        present = parties_of(case).filter(code=code).first()
        if present is not None and (present.name, present.kind) == (name, kind):
            return present
        party = Party(case=case.thing, code=code, name=name, kind=kind)
        if present is not None:
            party.thing, party.version = present.thing, present.version + 1
        record("cases.party.named", actor, [party], case=case.slug)
    return party


def add_member(actor: str, case: Case, user: User, role: str) -> Membership:
    """Give a person a role in a case; a role they have already is left as it is."""
    if role not in ROLES:
        raise WrongUsage(f"{role!r} is no role", remedy=f"Use one of: {', '.join(ROLES)}")
    with exclusively():
        present = Membership.present().filter(case=case.thing, user_id=user.id, role=role).first()
        if present is not None and present.active:
            return present
        membership = Membership(case=case.thing, user_id=user.id, role=role)
        if present is not None:
            membership.thing, membership.version = present.thing, present.version + 1
        record("cases.member.added", actor, [membership], case=case.slug)
    return membership


def remove_member(actor: str, case: Case, user: User, role: str) -> None:
    """Take a role from a person. What they did in it stays."""
    with exclusively():
        present = members_of(case).filter(user_id=user.id, role=role).first()
        if present is None:
            raise WrongUsage(f"{user.username} is not {role} in {case.slug}")
        ended = Membership(
            thing=present.thing,
            version=present.version + 1,
            case=case.thing,
            user_id=user.id,
            role=role,
            active=False,
        )
        record("cases.member.removed", actor, [ended], case=case.slug)
