"""The story of Fernhill Bicycles, the sample company: who wrote, what was answered and promised, and how it ended.

Plain values only; `sample.py` replays them. Hours count from a case's first letter. `{by}` stands for the promised time.
"""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Fernhill Bicycles (sample)"
DOMAIN = "fernhill.example"
#: Where visitors find the chat.
SHOP = f"https://shop.{DOMAIN}"
ZONE = "Europe/London"

#: What is owed for an order that did not come by its day.
STANDARD = "Order not on its day"
#: Made good: in which case, by what, in which words, for how many pounds, whether they are asked, and what proves that it was given.
REMEDIES = [
    ("Refund for cancelled order", "refund", "", "89", False, ""),
    ("Brake squeal", "compensation", "", "15", True, ""),
    ("Pump does not hold", "replacement", "A new pump", "", False, ""),
    ("What is this handling charge?", "refund", "", "4.50", False, "BACS 20418"),
]

#: Team, and whether its heads-up goes out by itself where nobody acted.
TEAMS = {"Care": True, "Workshop": False}
#: Key, name, role, team; sign-in is key@fernhill.example.
STAFF = (
    ("sam", "Sam Okafor", "lead", "Care"),
    ("ines", "Ines Duarte", "agent", "Care"),
    ("tobi", "Tobi Lindqvist", "agent", "Workshop"),
    ("ada", "Ada Whitlock", "admin", "Care"),
    ("noor", "Noor Rahman", "auditor", None),
)
CUSTOMERS = {
    "maren": "Maren Holt", "jude": "Jude Akande", "pilar": "Pilar Soto", "owen": "Owen Price", "lise": "Lise Brandt",
    "tariq": "Tariq Aziz", "greta": "Greta Lund", "hugh": "Hugh Pemberton", "amara": "Amara Nwosu", "colm": "Colm Reilly",
    "yuki": "Yuki Tanaka", "beth": "Beth Sayer", "ravi": "Ravi Menon", "elena": "Elena Petrova", "finn": "Finn Carver",
    "ruth": "Ruth Goldman", "mateo": "Mateo Cruz", "ingrid": "Ingrid Vaas", "dele": "Dele Adeyemi", "nora": "Nora Quist",
    "peter": "Peter Hale", "saskia": "Saskia Blom", "gwen": "Gwen Parry", "leo": "Leo Marchetti", "zofia": "Zofia Nowak",
}  # fmt: skip
#: Reference, who, product, place, pounds; ordered days ago; in how many days it is promised for, and came (None: it is out).
ORDERS = (
    ("4688", "greta", "Touring rim", "Leeds", "129.00", 24, -3, None),
    ("4701", "owen", "Touring rack", "Leeds", "64.50", 20, -2, None),
    ("4716", "lise", "Touring rim", "York", "129.00", 16, 2, None),
    ("4719", "hugh", "Commuter bicycle", "York", "640.00", 15, 3, None),
    ("4725", "amara", "Rear lamp", "Leeds", "24.00", 9, -5, -4),
    ("4731", "mateo", "Commuter bicycle", "York", "712.00", 12, -1, -0.1),
    ("4502", "mateo", "Town bicycle", "York", "498.00", 78, -66, -66),
)
TEMPLATES = (
    ("A new date", "Hello {name},\n\nWe will not make the date we gave you, and we are sorry. The reason is …\n"
     "The new date is …, and we would not name it if we did not believe in it."),
    ("Lost by the carrier", "Hello {name},\n\nYour parcel is lost, and that is ours to mend, not yours. A new one leaves …\n"
     "You need not send anything back or fill in any form."),
    ("Wrong part sent", "Hello {name},\n\nWe packed the wrong part. The right one leaves …, and the return is paid by us."),
    ("A fee you did not see", "Hello {name},\n\nYou should have seen this charge before you paid, and you did not. We pay it back …"),
    ("Safety question", "Hello {name},\n\nPlease do not ride it until we have looked at it. Tell us the frame number "
     "(under the bottom bracket)."),
    ("Thank you", "Hello {name},\n\nThank you for telling us. It goes up on the workshop wall today."),
)  # fmt: skip

#: One supplier is late, and these all wait for it: linked to the first.
CAUSE = "Order 4688"
OF_THE_CAUSE = ("Three weeks for a rim?", "Touring rack")


@dataclass(frozen=True)
class Reply:
    """Staff answer; *due* hours after the first letter is when the promise in it falls due."""

    hour: float
    by: str
    text: str
    due: float | None = None
    armed: bool = False
    status: str = "waiting"


@dataclass(frozen=True)
class Writes:
    """The customer writes again."""

    hour: float
    text: str


@dataclass(frozen=True)
class Kept:
    """What was promised in the case is done."""

    hour: float
    by: str


@dataclass(frozen=True)
class Moved:
    hour: float
    by: str
    to: float
    words: str
    reason: str = "supplier"


@dataclass(frozen=True)
class LetOff:
    """The customer let us off."""

    hour: float
    by: str
    reason: str


@dataclass(frozen=True)
class GivenUp:
    hour: float
    by: str
    reason: str


@dataclass(frozen=True)
class Explained:
    hour: float
    by: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """The customer's own word on the promise."""

    hour: float
    kept: bool


@dataclass(frozen=True)
class Note:
    hour: float
    by: str
    text: str


@dataclass(frozen=True)
class Resolved:
    hour: float
    by: str


@dataclass(frozen=True)
class Snoozed:
    """Put aside until so many hours after the first letter."""

    hour: float
    by: str
    until: float


Step = Reply | Writes | Kept | Moved | LetOff | GivenUp | Explained | Verdict | Note | Resolved | Snoozed


@dataclass(frozen=True)
class Story:
    """One case: who wrote what so many hours before now, and what came of it."""

    ago: float
    who: str
    subject: str
    text: str
    steps: tuple[Step, ...]


def days(count: float) -> float:
    return count * 24


def minutes(count: float) -> float:
    return count / 60


PAST = (
    Story(days(119), "maren", "My wheelset", "Hello, I ordered the 700c wheelset two weeks ago and have heard nothing since. "
          "When will it come? I have a tour in May.", (
        Reply(2, "sam", "It is built and waits for its last check. We will post it by {by}.", due=50),
        Kept(24, "tobi"), Writes(96, "It came today. Lovely wheels, thank you!"), Reply(98, "sam", "Ride well!", status="resolved"),
        Verdict(99, True))),
    Story(days(116), "jude", "Frame is the wrong size", "I ordered the Ridge in size 54 and a 58 came. I can't even stand over it. "
          "Not what I paid for.", (
        Reply(1, "ines", "That is our mistake, and we are sorry. A courier will collect it by {by}, at no cost to you.", due=74),
        Kept(28, "ines"), Reply(29, "ines", "The 54 is on its way to you.", status="resolved"))),
    Story(days(112), "pilar", "What is this handling charge?", "Your page said 64 pounds. My card was charged 71.50. What is the "
          "handling charge, and why was it not shown? I feel cheated.", (
        Reply(2, "sam", "You should have seen it before you paid, and you did not. We will refund the 7.50 by {by}.", due=26),
        Kept(5, "sam"), Resolved(30, "sam"), Verdict(40, True))),
    Story(days(108), "owen", "Fork recall?", "I read that some Stratum forks are recalled. Mine is from last spring. Is it safe "
          "to ride?", (
        Reply(0.5, "tobi", "Please leave it standing until we know. We will check the number against the list by {by}.", due=6),
        Kept(3, "tobi"), Reply(3.1, "tobi", "Your fork is not on the list: the numbers end one batch before yours.",
                               status="resolved"))),
    Story(days(104), "lise", "Thank you", "Just to say that the fitting with Ines was wonderful. My knee does not hurt any more. "
          "Thank you so much!", (
        Reply(5, "ines", "This made our day. Happy riding, and greet the knee from us.", status="resolved"),)),
    Story(days(101), "tariq", "Where is my parcel?", "Order 4410, a saddle and two tyres. Tracking has not moved for nine days. "
          "I think it is lost.", (
        Reply(3, "sam", "It is lost, and that is ours to mend. We will send a new parcel by {by}.", due=28),
        Kept(12, "sam"), Writes(70, "The new parcel has arrived. All good."), Resolved(72, "sam"))),
    Story(days(97), "greta", "Gear cable again", "The gear cable you fitted in February has frayed again. This is the second time. "
          "I am disappointed.", (
        Reply(2, "tobi", "A cable should last for years. We will fit a new one by {by} and look for what cuts it.", due=72),
        Kept(80, "tobi"), Explained(81, "tobi", "no_capacity"),
        Reply(82, "tobi", "It is done, a day late, and I am sorry. A burr on the lever did it; it is filed off.",
              status="resolved"))),
    Story(days(94), "hugh", "Invoice for the club", "Could you send one invoice for the club's six helmets? The treasurer wants "
          "it on a single page.", (
        Reply(4, "ada", "Of course. We will send it by {by}.", due=30), Kept(9, "ada"),
        Reply(9.1, "ada", "Here it is: one page, six helmets.", status="resolved"))),
    Story(days(90), "amara", "Cargo bike test ride", "We are thinking of a cargo bike for the school run. May we try one with the "
          "children on a Saturday?", (
        Reply(3, "ines", "With pleasure. We will keep the Longhaul free for you until {by}.", due=96), Kept(50, "ines"),
        Writes(100, "We had such a good time. Thank you, we will think about it."), Resolved(101, "ines"))),
    Story(days(87), "colm", "Repaint promised for Easter", "You have had my frame since January. You said Easter. When is it done?", (
        Reply(2, "tobi", "The painter lost two weeks to a broken oven. We will have it ready by {by}.", due=120),
        Moved(70, "tobi", to=240, words="The second coat needs a week to harden. We would rather be slow than soft."),
        Kept(230, "tobi"), Reply(231, "tobi", "It is ready, and it is a beauty.", status="resolved"), Verdict(260, True))),
    Story(days(84), "yuki", "Wrong bottom bracket", "The part in the box is a BSA, I ordered T47. The bag even says T47 on it.", (
        Reply(1.5, "sam", "Our bag, our mistake. We will post the right one by {by}.", due=27), Kept(11, "sam"),
        Resolved(24, "sam"), Verdict(60, True))),
    Story(days(80), "beth", "Puncture on day one", "I rode four miles on the new tyres and got a puncture. I don't blame you, but is "
          "that normal?", (
        Reply(6, "ines", "Bad luck, and a shard of flint by the look of your picture. The tyre is sound.", status="resolved"),)),
    Story(days(77), "ravi", "Refund for cancelled order", "I cancelled order 4467 a week ago and the money has still not come back. "
          "This is not acceptable.", (
        Reply(3, "sam", "It was left lying, and I am sorry. We will refund you by {by}.", due=51),
        Kept(75, "sam"), Explained(76, "sam", "forgot"),
        Reply(76.1, "sam", "It is paid now. You waited longer than we said, twice, and we took 10 pounds off for it.",
              status="resolved"), Verdict(90, False))),
    Story(days(73), "elena", "Pump does not hold", "The floor pump you sold me loses air at the head. Can it be mended?", (
        Reply(4, "tobi", "It only wants a new seal. We will send one by {by}.", due=52), Kept(20, "tobi"),
        Resolved(31, "tobi"))),
    Story(days(70), "finn", "Child seat fitting", "Does the Pico child seat fit the Meadow step-through? Your page does not say.", (
        Reply(5, "ines", "It fits with the short bracket, which is in the box. The page says so now as well.",
              status="resolved"),)),
    Story(days(67), "ruth", "Still waiting for the dynamo wheel", "You said three weeks for the dynamo wheel. It has been five. "
          "Nobody tells me anything.", (
        Reply(2, "tobi", "You should have heard from us. We will have the wheel built by {by}.", due=98),
        Explained(110, "tobi", "supplier"), Kept(150, "tobi"),
        Reply(100.5, "tobi", "The hub came only this morning. Late, and you hear it from us only now. I am sorry."),
        Reply(151, "tobi", "Your wheel is built and yours to collect.", status="resolved"), Verdict(170, False))),
    Story(days(64), "mateo", "Order 4502: lamp missing", "Everything came but the rear lamp. It is on the packing list, ticked.", (
        Reply(2, "sam", "Ticked and not packed. We will post it by {by}.", due=26), Kept(10, "sam"), Resolved(22, "sam"))),
    Story(days(60), "ingrid", "Workshop course", "Will there be another course on wheel building? I missed the one in spring.", (
        Reply(7, "ines", "We are planning one. We will tell you the dates by {by}.", due=172), Kept(90, "ines"),
        Reply(90.1, "ines", "The second weekend of next month; a place is kept for you.", status="resolved"))),
    Story(days(57), "dele", "Brake squeal", "Since your service the front brake squeals like a pig. Please fix it.", (
        Reply(2, "tobi", "It should not. We will look at it by {by}.", due=50), Kept(21, "tobi"),
        Reply(21.5, "tobi", "The pads were glazed; new ones are in, and nothing is to pay.", status="resolved"))),
    Story(days(54), "nora", "Stolen from the courier", "The courier says that he left it with a neighbour. No neighbour has it. "
          "I'm worried about my money.", (
        Reply(1, "sam", "Your money is safe: it is our parcel until you hold it. We will send a new one by {by}.", due=49),
        Moved(20, "sam", to=97, words="The mudguards are out until Thursday.", reason="supplier"), Kept(90, "sam"),
        Resolved(120, "sam"), Verdict(130, True))),
    Story(days(50), "peter", "Custom build", "You promised a drawing of the custom build before the holidays. I have nothing.", (
        Reply(2, "tobi", "You are right. We will send you the drawing by {by}.", due=74),
        Reply(80, "tobi", "I have not finished it, and I did not tell you. The geometry fights back."),
        GivenUp(150, "sam", "over_promised"),
        Reply(150.5, "sam", "We cannot build this frame well, and should have said so at once. Your deposit is back with you. "
              "Hallam Cycles build such frames, and build them beautifully.", status="resolved"), Verdict(180, False))),
    Story(days(46), "saskia", "Returned jersey", "I sent the jersey back on the third. Has it arrived?", (
        Reply(4, "ines", "It has, this morning. We will refund it by {by}.", due=30), Kept(10, "ines"), Resolved(27, "ines"))),
    Story(days(43), "gwen", "Your price match", "Your page says price match. The till said no. Which is it?", (
        Reply(3, "ada", "The page is right. We will refund the difference by {by}.", due=28), Kept(9, "ada"),
        Resolved(10, "ada"), Verdict(50, True))),
    Story(days(39), "leo", "Bike box for a flight", "Could you lend me a bike box for the last week of the month?", (
        Reply(3, "ines", "We will have one ready for you by {by}.", due=98), LetOff(60, "ines", "Leo flies without the bicycle."),
        Resolved(61, "ines"))),
    Story(days(36), "zofia", "Cracked stem", "I found a crack in the stem while cleaning. It is two years old. Is this dangerous?", (
        Reply(0.4, "tobi", "Please do not ride it. We will post you a new stem by {by}, whatever the guarantee says.", due=20),
        Kept(6, "tobi"), Writes(60, "It arrived. Thank you for being so quick."), Resolved(61, "tobi"), Verdict(62, True))),
    Story(days(33), "tariq", "Second saddle", "The saddle is so good that I want another for my wife. Do you have it in brown?", (
        Reply(5, "sam", "One brown one is left, and it carries your name.", status="resolved"),)),
    Story(days(30), "hugh", "Club evening", "Would somebody of yours come to our club evening and talk about tubeless?", (
        Reply(6, "ada", "We would love to. We will tell you who comes by {by}.", due=102), Kept(40, "ada"),
        Reply(40.1, "ada", "Tobi comes, with a wheel to make a mess of.", status="resolved"))),
    Story(days(27), "maren", "Spoke key", "Which spoke key fits the wheelset? The little one slips.", (
        Reply(4, "tobi", "The 3.45, the red one. It is in the post as a gift.", status="resolved"),)),
    Story(days(24), "amara", "We take the cargo bike", "We have decided! The Longhaul in green, please. When could we have it?", (
        Reply(2, "ines", "Wonderful. We will have it ready by {by}.", due=194),
        Moved(140, "ines", to=266, words="The green ones are still on the ship. It docks on Tuesday.", reason="supplier"),
        Kept(260, "ines"), Writes(280, "It is perfect. The children want to sleep in it."), Resolved(281, "ines"),
        Verdict(282, True))),
    Story(days(21), "owen", "Headset creaks", "The headset creaks when I brake. The fork is the one you checked.", (
        Reply(3, "tobi", "Bring it by. We will look at it by {by}.", due=52), Kept(60, "tobi"),
        Explained(61, "tobi", "no_capacity"),
        Reply(62, "tobi", "Dry bearings, greased now. It took a day longer than I said.", status="resolved"))),
    Story(days(18), "beth", "An idea", "Could the booking page show which days are full? I always ring for nothing.", (
        Reply(9, "sam", "A good idea, and it goes to Ada's list. Thank you.", status="resolved"),)),
    Story(days(15), "yuki", "Delivery to Orkney", "Your page says free delivery. At the end it asked for 18 pounds, because of my "
          "post code. That is a hidden fee.", (
        Reply(2, "sam", "It is, and it should not be. We will refund the 18 pounds by {by}.", due=26), Kept(8, "sam"),
        Note(21, "sam", "Ada: the page must name the islands. Third time this year."), Resolved(22, "sam"), Verdict(40, True))),
    Story(days(12), "elena", "Service before the holidays", "Can you do a full service before the 20th? I am riding to the sea.", (
        Reply(3, "tobi", "Yes. We will have it done by {by}.", due=120), Kept(60, "tobi"),
        Reply(61, "tobi", "Done, and the chain is new. Fair winds!", status="resolved"))),
    Story(days(9), "ravi", "Bell", "The bell fell off on the first ride. It's only a bell, but still.", (
        Reply(4, "ines", "A bell should ring, not fall. We will post you a brass one by {by}.", due=52), Kept(20, "ines"),
        Writes(100, "The bell came. It is very loud. My neighbours thank you."), Resolved(101, "ines"), Verdict(102, True))),
    Story(days(6), "saskia", "Order 4688", "Only one of the two panniers came.", (
        Reply(2, "sam", "The second was left on the bench. We will post it by {by}.", due=50), Kept(16, "sam"))),
    Story(days(5), "leo", "Frame number", "I want to register the bike. Where do I find the number?", (
        Reply(3, "ines", "Under the bottom bracket, and on your invoice. We have it here as well: FB-22817.",
              status="resolved"),)),
    Story(days(4), "greta", "Three weeks for a rim?", "I was told ten days for the rim. Now it is three weeks. I need the bike for "
          "work and I am fed up.", (
        Reply(2, "tobi", "You are right to be. We will have it built by {by}.", due=91),)),  # late since some hours
    Story(days(3), "mateo", "Tandem hire", "May we hire the tandem for our anniversary?", (
        Reply(3, "ines", "It is yours. We will have it pumped and polished by {by}.", due=122),
        Note(70, "ines", "@Sam Okafor its rear tyre goes soft. May they have yours if it does not hold?"))),
    Story(days(2.5), "ingrid", "Touring rack", "The rack was to come on Monday. I leave on Saturday. Will it be here?", (
        Reply(2, "sam", "We will post it by {by}.", due=64),
        Moved(40, "sam", to=88, words="The supplier sent the silver one. The black one comes tomorrow, and we send it by "
              "courier, so that you have it before you leave."))),
    Story(days(2), "colm", "Old wheels", "If I bring my old wheels, can you tell me whether they are worth rebuilding?", (
        Reply(4, "tobi", "If you bring them in, we will tell you the same day.", due=None, armed=True),)),
)  # fmt: skip

#: What goes on right now, so that the first minutes show how it works.
PRESENT = (
    Story(26, "jude", "Pedals", "The left pedal clicks. Is that the bearing?", (
        Reply(2, "ines", "It sounds like it. We will send you a new pair by {by}.", due=50),)),
    Story(20, "zofia", "Collecting on Sunday", "Can I collect the bike on Sunday evening? I work until eight.", (
        Reply(1, "ines", "Yes, ring the side bell.", status="resolved"),)),
    Story(9, "finn", "Wheel size for a nine-year-old", "My daughter is 132 cm. Twenty inch or twenty-four?", (
        Reply(2, "sam", "Twenty-four, with the saddle low. That one lasts until she is twelve."),
        Snoozed(3, "sam", until=60))),
    Story(8.6, "hugh", "Helmet sizes", "Which helmet size is right for a head of 58 cm?", ()),  # its first answer is missed
    Story(1.5, "mateo", "Order 4731: lamp missing", "My order came without the rear lamp. It was never delivered, like the last one. "
          "When will it come?", ()),  # again
    Story(minutes(52), "nora", "Unbelievable", "Your courier left the parcel in the rain, the box is soaked and the light is "
          "broken. This is the second parcel that goes wrong. I am furious, and so angry that I want my money back.", ()),
    Story(minutes(45), "pilar", "Brake pads today?", "Have you got the pads for the Cala in stock? I would come by at noon.", (
        Reply(minutes(5), "sam", "They may be in the back. We will tell you by {by}.", due=minutes(65)),)),
    Story(minutes(16), "gwen", "Stuck at the station", "The freewheel has seized and I am at the station. Can somebody come?", (
        Reply(minutes(13), "tobi", "Stay where it is warm. We will call you by {by}.", due=minutes(19)),)),
    Story(minutes(9), "peter", "Deposit receipt", "Could I have the receipt for the deposit you paid back?", (
        Reply(minutes(7), "sam", "Of course. We will send it by {by}.", due=minutes(17)),)),
    Story(minutes(4), "dele", "Tubeless sealant", "How often should I top up the sealant?", ()),
)  # fmt: skip

#: Who is away, since and until how many hours from now.
AWAY = ("ines", -20, 76)
#: Whose page the welcome shows: much was promised to them, in every state.
SHOWN = "ingrid"


@dataclass(frozen=True)
class LookedAt:
    """What staff said of the reading of a case's first message."""

    subject: str
    kind: str
    cause: str = ""
    emotion: str = ""
    urgency: str = "normal"
    remedy: str = ""


#: Drawn at random two days ago, and looked at by Sam.
LOOKED_AT = (
    LookedAt("My wheelset", "enquiry", remedy="explanation"),
    LookedAt("Frame is the wrong size", "complaint", "not_as_described", "anger"),
    LookedAt("What is this handling charge?", "complaint", "hidden_fee", "anger", remedy="explanation"),
    LookedAt("Fork recall?", "enquiry", emotion="fear", urgency="critical"),
    LookedAt("Thank you", "compliment", emotion="joy", urgency="low"),
    LookedAt("Where is my parcel?", "complaint", "never_delivered"),
    LookedAt("Gear cable again", "complaint", "poor_quality", "sadness"),
    LookedAt("Invoice for the club", "enquiry"),
    LookedAt("Cargo bike test ride", "enquiry"),
    LookedAt("Repaint promised for Easter", "complaint", "late"),
    LookedAt("Wrong bottom bracket", "complaint", "not_as_described"),
    LookedAt("Refund for cancelled order", "complaint", "late", "anger", remedy="refund"),
    LookedAt("Pump does not hold", "complaint", "poor_quality", remedy="repair"),
    LookedAt("Child seat fitting", "enquiry"),
    LookedAt("Still waiting for the dynamo wheel", "complaint", "late", "anger"),
    LookedAt("Order 4502: lamp missing", "complaint", "never_delivered"),
    LookedAt("Workshop course", "enquiry"),
    LookedAt("Brake squeal", "complaint", "poor_quality", "anger", remedy="repair"),
    LookedAt("Stolen from the courier", "complaint", "never_delivered", "fear"),
    LookedAt("An idea", "suggestion", urgency="low"),
)
#: Come across while answering, by Ines.
COME_ACROSS = (
    LookedAt("Delivery to Orkney", "complaint", "hidden_fee", "anger"),
    LookedAt("Your price match", "complaint", "other", "surprise"),
)
