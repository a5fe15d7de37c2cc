"""Columns of the tables that a company brings."""

from __future__ import annotations

from playbook.data.column import MONEY, N_, column

# Words that are allowed, and how people write them: a pattern is looked for in the text.
_SEVERITIES = (
    (N_("low"), r"^(low|minor|низк|незнач|мелк)"),
    (N_("medium"), r"^(medium|mid|moderate|normal|средн|обычн)"),
    (N_("high"), r"^(high|critical|severe|major|urgent|высок|крит|сроч|серь[её]зн)"),
)
_ARMS = (
    (N_("treated"), r"^(treat|pilot|test|target|exposed|пилот|тест|целев|воздейств|цг$)"),
    (N_("control"), r"^(control|hold.?out|контрол|удержан|кг$)"),
)
_COST_KINDS = (
    (
        N_("acquisition"),
        r"acqui|advert|new customers?|outdoor|\btv\b|radio|привлеч|реклам|медиа|наружн|"
        r"телевид|радио|новых клиент|новые клиент|smm|таргет|контекст",
    ),
    (
        N_("retention"),
        r"reten|loyal|\bcrm\b|keep|win.?back|\bsms\b|\bpush\b|bonus|удерж|лояльн|бонус|кэшб|"
        r"смс|рассылк|возврат клиент|реактивац|сервис|нынешн",
    ),
    (N_("other"), r"^(other|misc|общ|проч|друг|иное|иные|накладн|адм|overhead|general)"),
)

IMPORTED = (
    # receipts
    column(
        "receipt_id",
        "text",
        N_("The receipt, unique in the whole company."),
        example="11000000000010",
    ),
    column(
        "at",
        "moment",
        N_("When the receipt was printed."),
        N_("local time of the store"),
        example="2024-01-01 08:33",
    ),
    column("store_id", "text", N_("The store."), example="s071"),
    column(
        "customer_id",
        "text",
        N_("The customer by the loyalty card; missing when no card was shown."),
        example="2922759655967",
    ),
    column(
        "amount", "money", N_("Sum of the receipt; a return is negative."), MONEY, example="1703.75"
    ),
    column(
        "units",
        "number",
        N_("Pieces on the receipt; those of a return are negative."),
        N_("pieces"),
        example="6",
    ),
    column(
        "margin",
        "money",
        N_("Sum of the receipt less the cost of the goods on it; of a return negative."),
        MONEY,
        example="410.20",
    ),
    # stores
    column("region", "text", N_("Region of the store."), example=N_("north")),
    column("format", "text", N_("Format of the store."), example=N_("small")),
    column("size_m2", "number", N_("Sales area of the store."), N_("m²"), example="170", low=0.0),
    column(
        "opened",
        "date",
        N_("Day on which the store opened."),
        example="2019-01-06",
    ),
    column(
        "x_km", "number", N_("Place of the store, from west to east."), N_("km"), example="-129.8"
    ),
    column(
        "y_km", "number", N_("Place of the store, from south to north."), N_("km"), example="527.6"
    ),
    column(
        "latitude",
        "number",
        N_("Latitude of the store, in place of kilometres; south is negative."),
        N_("degrees"),
        example="55.7558",
        low=-90.0,
        high=90.0,
    ),
    column(
        "longitude",
        "number",
        N_("Longitude of the store, in place of kilometres; west is negative."),
        N_("degrees"),
        example="37.6173",
        low=-180.0,
        high=180.0,
    ),
    # customer_list
    column(
        "registered",
        "date",
        N_("Day on which the customer got a card or first bought, by the company's own books."),
        example="2021-09-03",
    ),
    column("channel", "text", N_("How the customer was won."), example=N_("tv")),
    column("home_store", "text", N_("The store where the customer mostly buys."), example="s071"),
    column(
        "may_contact",
        "yes_no",
        N_("Whether the customer has agreed to be written to."),
        example=N_("yes"),
    ),
    # contacts
    column("contact_id", "text", N_("The contact with one customer."), example="k00017"),
    column(
        "offer",
        "text",
        N_("What the customer was offered, by its short name."),
        example=N_("welcome"),
    ),
    column(
        "contacted_at",
        "moment",
        N_("When the customer was contacted, or would have been."),
        N_("local time of the customer"),
        example="2026-01-12 10:00",
    ),
    column(
        "contact_channel",
        "text",
        N_("By what means the customer was contacted."),
        example=N_("sms"),
    ),
    column(
        "cost",
        "money",
        N_("Money spent: on the contact, or on this line in the month."),
        MONEY,
        example="4.20",
    ),
    column(
        "arm",
        "text",
        N_("Part in a comparison: treated, or control, which is left as it is."),
        example=N_("treated"),
        choices=_ARMS,
    ),
    # costs and margins; their month is a column of the reductions
    column(
        "cost_kind",
        "text",
        N_("What the money is spent on: winning customers, keeping them, or other things."),
        example=N_("acquisition"),
        choices=_COST_KINDS,
    ),
    column("item", "text", N_("The line of the budget."), example=N_("TV in the north")),
    column(
        "margin_share", "share", N_("Margin as a share of revenue without VAT."), example="0.24"
    ),
    column(
        "cost_of_goods",
        "money",
        N_("What the goods sold in the month cost the company."),
        MONEY,
        example="8140000.00",
        low=0.0,
    ),
    # store_calendar
    column(
        "day_from",
        "date",
        N_("The day, or the first day of several."),
        example="2026-02-03",
        may_be_planned=True,
    ),
    column(
        "day_to",
        "date",
        N_("The last day; missing where it is one day."),
        example="2026-02-16",
        may_be_planned=True,
    ),
    column("is_closed", "yes_no", N_("Whether the store was closed."), example=N_("yes")),
    column("reason", "text", N_("Why, in a few words."), example=N_("refit")),
    column(
        "staff_hours",
        "number",
        N_("Hours worked by all the staff of the store, per day."),
        N_("hours"),
        example="96",
        low=0.0,
    ),
    # survey
    column("answer_id", "text", N_("The answer to the survey."), example="a000412"),
    column("answered_on", "date", N_("Day of the answer."), example="2026-03-14"),
    column(
        "score",
        "count",
        N_("Would you recommend us? 0 is not at all, 10 is by all means."),
        example="9",
        high=10.0,
    ),
    # pilot and rollout
    column(
        "done_share", "share", N_("Share of the agreed steps that the store did."), example="0.67"
    ),
    column(
        "queue_minutes",
        "number",
        N_("Average wait at the till."),
        N_("minutes"),
        example="4.6",
        low=0.0,
    ),
    column("issue_id", "text", N_("The issue."), example="i01"),
    column("kind", "text", N_("What the issue is about."), example=N_("training")),
    column(
        "severity",
        "text",
        N_("How bad the issue is: low, medium, high."),
        example=N_("medium"),
        choices=_SEVERITIES,
    ),
    column(
        "text",
        "text",
        N_("What happened, in a sentence."),
        example=N_("Two cashiers start without training."),
    ),
    column("owner", "text", N_("Who sees to it."), example=N_("Area manager")),
    column(
        "closed",
        "date",
        N_("Day on which the issue was settled; missing while open."),
        example="2026-01-15",
    ),
    column(
        "wave_start",
        "date",
        N_("First day of the store's wave."),
        example="2026-06-15",
        may_be_planned=True,
    ),
    column("wave", "count", N_("Wave of the rollout in which the store starts."), example="2"),
    column(
        "is_holdout",
        "yes_no",
        N_("Whether the store is kept as a control group."),
        example=N_("no"),
    ),
)
