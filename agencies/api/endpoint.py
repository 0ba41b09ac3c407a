"""One address of the API: its door, what it takes, what it answers. The schema is written from the same values."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.access import Door, TenantRequest
from agencies.models import State
from agencies.permissions import Actor, Resource
from agencies.refusals import Refusal
from ips_portal.api import shapes
from ips_portal.api.parsing import JSON_ONLY, LARGEST, Unreadable
from ips_portal.api.shapes import Answer, Nothing, Query, Serializer, Values


def opens(resource: Resource, **actions: str) -> Door:
    """`door = opens(Resource.TEAM, GET="view", PATCH="edit")`, as `@door` says it of a page."""
    return Door(resource, actions)


class Endpoint(APIView):
    """A subclass has one method for each that its door names. Its docstring is the description in the schema."""

    door: ClassVar[Door]
    query: ClassVar[type[Query]] = Query  # parameters of GET
    takes: ClassVar[Mapping[str, type[Serializer]]] = {}  # by method; none takes a body without fields
    gives: ClassVar[Mapping[str, Answer]] = {}
    largest: ClassVar[int] = LARGEST  # bytes of a message
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        done = {name.upper() for name in cls.http_method_names if hasattr(cls, name)}
        if not done == set(cls.door.actions) == set(cls.gives):
            raise ImproperlyConfigured(f"{cls.__name__}: its door, its answers and its methods differ.")
        view = super().as_view(**initkwargs)
        view.door = cls.door  # type: ignore[attr-defined]  # read by the gate and the tests
        view.csrf_exempt = False  # a session is checked as on a page; tokens are not
        return view

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        shape = self.query if request.method in ("GET", "HEAD") else Query
        self.chosen = shapes.read_query(shape, self.asked.GET)

    @property
    def asked(self) -> TenantRequest:
        """The request as the gate let it in."""
        return cast(TenantRequest, self.request._request)

    @property
    def actor(self) -> Actor:
        return self.asked.actor

    @property
    def tenant(self) -> State:
        return self.asked.tenant

    @property
    def method(self) -> str:
        return "GET" if self.request.method == "HEAD" else str(self.request.method)

    def sent(self, **context: Any) -> Values:
        """The body, read as `takes` says. Asked for after `find`, so that a hidden record answers nothing else."""
        shape, data = self.takes.get(self.method, Nothing), self.request.data
        if shape is not Nothing and not self.asked.META.get("CONTENT_LENGTH", "").strip("0"):
            raise Unreadable("Nothing was sent. " + JSON_ONLY)
        return shapes.read(shape, data, **context)

    def named(self, field: str) -> str:
        """What a field of a refusal is called in the messages of this address."""
        return field

    def handle_exception(self, problem: Exception) -> Response:
        if isinstance(problem, Refusal):
            problem.fields = {self.named(field): words for field, words in problem.fields.items()}
        return super().handle_exception(problem)

    def answer(self, value: Any = None, **context: Any) -> Response:
        wanted = self.gives[self.method]
        if wanted.shape is None:
            return Response(status=wanted.status)
        return Response(wanted.shape(value, context=context).data, status=wanted.status)

    def answer_page(
        self, rows: "QuerySet[Any] | Sequence[Any]", told: Any = list, **context: Any
    ) -> Response:
        """The page of a list; `told` turns its rows into what is shown of them."""
        found, numbers = shapes.page_of(rows, self.chosen)
        return self.answer({**numbers, "results": told(found)}, **context)
