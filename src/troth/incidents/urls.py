from __future__ import annotations

from django.urls import path

from troth.incidents import desk
from troth.incidents.desk import preventing
from troth.incidents.desk.prevention import prevention_page, prevention_print

app_name = "incidents"
urlpatterns = [
    path("", desk.incidents_list, name="list"),
    path("new/", desk.new, name="new"),
    path("capacity/", desk.capacity, name="capacity"),
    path("of-case/<int:number>/", desk.beside_case, name="beside_case"),
    path("of-case/<int:number>/link/", desk.link_case, name="link_case"),
    path("<int:pk>/affected/", desk.affected, name="affected"),
    path("<int:pk>/cases/", desk.linkable, name="cases"),
    path("<int:pk>/", desk.incident_page, name="incident"),
    path("<int:pk>/write/", desk.write, name="write"),
    path("<int:pk>/drafts/<int:number>/", desk.read_draft, name="draft"),
    path("<int:pk>/drafts/<int:number>/answer/", desk.answer_draft, name="answer_draft"),
    path("<int:pk>/note/", desk.note, name="note"),
    path("<int:pk>/change/", desk.change, name="change"),
    path("<int:pk>/end/", desk.tell_end, name="tell_end"),
    path("<int:pk>/mine/", desk.take_over, name="mine"),
    path("<int:pk>/cases/<int:number>/out/", desk.take_out, name="take_out"),
    path("<int:pk>/lines/<int:entry>/", desk.change_words, name="words"),
    path("<int:pk>/prevention/", prevention_page, name="prevention"),
    path("<int:pk>/prevention/print/", prevention_print, name="prevention_print"),
    path("<int:pk>/prevention/cause/", preventing.root_cause, name="root_cause"),
    path("<int:pk>/prevention/measures/", preventing.measure, name="measure"),
    path("<int:pk>/prevention/watch/", preventing.watch, name="watch"),
    path("<int:pk>/prevention/watch/longer/", preventing.watch_longer, name="watch_longer"),
    path("<int:pk>/prevention/watch/off/", preventing.watch_off, name="watch_off"),
    path("<int:pk>/prevention/held/", preventing.tell_held, name="tell_held"),
    path("recurrences/<int:pk>/", preventing.say_again, name="say_again"),
    path("again/<int:number>/", preventing.name_case, name="name_case"),
]
