"""By what names people call the columns of the tables beside receipts and stores."""

from __future__ import annotations

NAMES: dict[str, str] = {
    "units": """
        pieces; qty; quantity; items; item count; number of items; pcs;
        количество; кол-во; кол; количество товаров; количество товара; кол-во товаров; штук; шт;
        количество штук; число товаров; единиц; количество единиц;
        количество шт; кол-во шт""",
    "margin": """
        gross margin; gross profit; profit; margin amount; margin value; contribution; gp;
        маржа; валовая прибыль; прибыль; сумма маржи; маржа руб; наценка сумма; маржинальный доход;
        валовой доход; вп; маржинальная прибыль""",
    # customer_list
    "registered": """
        registration date; registered on; registered at; signup date; sign up date; join date;
        joined; member since; customer since; card issued; card issue date; enrolled; created;
        created at; creation date; first purchase; first purchase date; first order date;
        first visit; date of registration;
        дата регистрации; регистрация; зарегистрирован; дата выдачи карты; дата выпуска карты;
        дата активации; дата активации карты; дата вступления; дата создания; дата заведения;
        дата первой покупки; первая покупка; первый чек; дата первого чека; клиент с; создан;
        дата анкеты; дата подключения""",
    "channel": """
        acquisition channel; source; acquisition source; lead source; customer source; utm source;
        registration channel; registration source; signup channel; how acquired; origin channel;
        канал; канал привлечения; источник; источник привлечения; источник клиента;
        канал регистрации; источник регистрации; откуда пришел; откуда узнал; откуда о нас узнали;
        рекламный источник; место регистрации; способ привлечения""",
    "home_store": """
        store; store id; store code; preferred store; favourite store; favorite store; main store;
        registration store; store of registration; base store;
        домашний магазин; магазин; код магазина; основной магазин; любимый магазин;
        предпочитаемый магазин; магазин регистрации; магазин выдачи карты; магазин прикрепления;
        базовый магазин; подразделение; торговая точка""",
    "may_contact": """
        consent; opt in; optin; marketing consent; contact consent; agreed to contact;
        agrees to marketing; may be contacted; can contact; subscribed; subscription; gdpr consent;
        email consent; sms consent; communication consent; permission;
        согласие; согласие на рассылку; согласие на рассылки; согласие на коммуникации;
        согласие на связь; согласие на рекламу; согласие на контакт; согласие на получение рекламы;
        согласие на обработку; подписка; подписан; подписан на рассылку; разрешена рассылка;
        разрешение на рассылку; можно писать; опт-ин; согласие смс; согласие sms""",
    # contacts
    "contact_id": """
        contact; id; message id; mailing id; send id; communication id; touch id; activity id;
        record id; touchpoint id;
        id контакта; контакт; номер контакта; код контакта; id сообщения; код сообщения;
        id отправки; id коммуникации; код коммуникации; номер сообщения; id записи; идентификатор;
        ид; ид контакта; ид сообщения""",
    "offer": """
        offer id; offer name; offer code; campaign; campaign id; campaign name; campaign code;
        promo; promo id; promotion; promotion id; action; mailing; mailing name; treatment;
        coupon; coupon code; message name;
        предложение; код предложения; оффер; id оффера; название оффера; акция; код акции;
        название акции; кампания; id кампании; название кампании; код кампании; рассылка;
        название рассылки; промо; промоакция; механика; купон; шаблон; сценарий; тема""",
    "contacted_at": """
        date; date time; datetime; time; contact date; contacted on; contacted; sent; sent at;
        sent on; send date; send time; sent date; delivery date; delivered at; contact time;
        offer date; event date; event time; timestamp; communication date;
        дата; дата и время; время; дата контакта; дата отправки; время отправки; отправлено;
        дата и время отправки; дата рассылки; дата коммуникации; дата предложения; дата сообщения;
        дата доставки; доставлено; дата звонка; дата события; момент отправки""",
    "contact_channel": """
        channel; communication channel; medium; media; message channel; send channel; type;
        message type; contact type;
        канал; канал связи; канал коммуникации; канал отправки; канал рассылки; тип канала;
        тип сообщения; тип рассылки; тип контакта; способ связи; вид рассылки""",
    "cost": """
        costs; amount; sum; total; spend; spending; spent; expense; expenses; expenditure; budget;
        price; contact cost; message cost; cost per contact; cost of contact; unit cost; actual;
        fact; value; amount spent;
        затраты; расходы; расход; сумма; сумма затрат; сумма расходов; сумма расхода; итого;
        затрачено; потрачено; бюджет; факт; факт затрат; фактические затраты; стоимость;
        стоимость контакта; стоимость сообщения; стоимость отправки; цена; цена контакта;
        цена сообщения; оборот; сумма без ндс; затраты без ндс; расходы без ндс; оборот дт;
        сумма дт""",
    "arm": """
        group; test group; experiment group; ab group; a/b group; ab; variant; treatment group;
        holdout; hold out; control; is control; control group; cell; split; arm name;
        группа; группа теста; группа эксперимента; группа аб; аб группа; ab группа; вариант;
        тест контроль; тест/контроль; целевая контрольная; цг кг; цг/кг; кг; контрольная группа;
        контроль; признак контроля; сплит; ветка""",
    # costs and margins
    "month": """
        period; date; month start; month of cost; reporting month; reporting period; year month;
        yyyymm; fiscal month; accounting period;
        месяц; период; дата; отчетный месяц; отчетный период; месяц затрат; месяц расхода;
        месяц год; год месяц; месяц и год; период затрат; начало месяца; период регистрации""",
    "cost_kind": """
        kind; kind of cost; cost type; type; category; cost category; expense type; purpose;
        expense category; class; group; direction; budget category;
        вид; вид затрат; вид расходов; вид расхода; тип; тип затрат; тип расходов; статья;
        статья затрат; статья расходов; статья бюджета; статья расхода; категория;
        категория затрат; категория расходов; группа; группа затрат; направление;
        направление затрат; цель; назначение""",
    "item": """
        line; line item; description; name; cost name; budget line; detail; details; comment;
        expense name; activity; vendor; project; campaign;
        наименование; наименование затрат; наименование расхода; описание; содержание;
        детализация; комментарий; подстатья; строка бюджета; мероприятие; контрагент; проект;
        кампания; активность""",
    "margin_share": """
        доля маржи 0 1; 
        margin; margin %; margin percent; margin pct; gross margin; gross margin %; gm; gm %;
        contribution margin; profitability; margin rate;
        маржа; маржа %; маржа процент; % маржи; процент маржи; доля маржи; маржинальность;
        маржинальность %; валовая маржа; валовая маржа %; рентабельность; рентабельность продаж;
        рентабельность %; рентабельность по валовой прибыли""",
    "cost_of_goods": """
        cogs; cost of sales; goods cost; cost of goods sold; cost price; cost;
        себестоимость; себестоимость продаж; себестоимость проданных товаров;
        себестоимость товаров; себестоимость без ндс; закупочная стоимость; сумма закупки;
        закупка; учетная стоимость; стоимость в закупке""",
    # store_calendar
    "day_from": """
        date; day; from; start; date from; start date; begin; begins; from date; closed from;
        closing date; first day; period start; valid from;
        дата; день; с; от; начало; дата с; дата начала; начало периода; дата от; первый день;
        закрыт с; закрыто с; дата закрытия; период с""",
    "day_to": """
        to; end; till; until; date to; end date; to date; closed to; closed until; last day;
        period end; reopening date; valid to;
        по; до; конец; окончание; дата по; дата окончания; дата конца; конец периода; дата до;
        последний день; закрыт по; закрыто по; закрыт до; период по""",
    "is_closed": """
        closed; closure; shut; not working; is closed; store closed; closed flag;
        закрыт; закрыто; закрытие; магазин закрыт; не работает; не работал; признак закрытия;
        выходной; нерабочий день""",
    "reason": """
        why; cause; comment; closure reason; reason for closing; note; remark;
        причина; причина закрытия; основание; комментарий; примечание; почему""",
    "staff_hours": """
        hours; man hours; labour hours; labor hours; worked hours; staff; working hours; fte hours;
        часы; человеко-часы; чел-час; чел час; человекочасы; отработано часов; отработанные часы;
        часы персонала; рабочие часы; фонд времени; часы работы персонала; трудочасы""",
    # survey
    "answer_id": """
        id; answer; answer no; response; response id; respondent; respondent id; survey id;
        interview id; feedback id; record id;
        id ответа; ответ; номер ответа; код ответа; id анкеты; анкета; номер анкеты; id опроса;
        id респондента; респондент; номер респондента; ид; ид ответа; id отзыва""",
    "answered_on": """
        date; day; answer date; answered at; answered; response date; responded at; survey date;
        feedback date; submitted; submitted at; completed; completed at; created at; timestamp;
        дата; день; дата ответа; дата и время ответа; дата опроса; дата анкеты; дата оценки;
        дата отзыва; дата заполнения; отметка времени; дата и время; время ответа""",
    "score": """
        nps; nps score; rating; mark; grade; likelihood; recommend; recommendation;
        likelihood to recommend; ltr; recommend score; points; answer value; value;
        оценка; балл; баллы; оценка nps; nps оценка; балл nps; рекомендация;
        готовность рекомендовать; готовность к рекомендации; вероятность рекомендации;
        порекомендуете ли вы нас; оценка 0-10; оценка от 0 до 10; индекс nps; значение""",
    # pilot and rollout
    "done_share": """
        share done; fidelity; done; done %; completed; completed %; completion; compliance;
        checklist; checklist score; checklist %; execution;
        доля выполнения; выполнение; выполнено; % выполнения; процент выполнения; выполнение %;
        соблюдение стандарта; соблюдение стандартов; чек-лист; чек-лист %; оценка чек-листа;
        доля выполненных шагов; исполнение""",
    "queue_minutes": """
        queue; queue min; queue time; waiting time; wait; wait minutes; average wait; avg queue;
        очередь; очередь мин; минут в очереди; время в очереди; среднее ожидание; ожидание;
        ожидание мин; среднее время в очереди; время ожидания""",
    "issue_id": """
        id; no; number; issue no; issue number; ticket; ticket id; problem id; incident id;
        №; номер; номер проблемы; id проблемы; код проблемы; номер инцидента;
        id инцидента; номер обращения; номер записи; п/п; № п/п; ид""",
    "opened": """
        opening date; open date; opened on; open since; store opened; opening; in operation since;
        дата открытия; открыт; открытие; дата открытия магазина; магазин открыт; работает с""",
    "issues.opened": """
        date; noted; noted on; reported; reported on; raised; raised on; created; created at;
        start date; issue date;
        дата; дата обращения; дата возникновения; заведена; заведено; дата создания; зафиксирована;
        дата фиксации; создана; открыта; открыто""",
    "kind": """
        type; category; topic; area; issue type; subject; kind of issue;
        вид; тип; категория; тема; тип проблемы; вид проблемы; категория проблемы; область;
        направление""",
    "severity": """
        priority; importance; level; impact; criticality; urgency;
        серьезность; важность; критичность; приоритет; уровень; тяжесть; срочность; влияние""",
    "text": """
        description; what happened; problem; issue; summary; details; comment; note; title;
        описание; что случилось; что произошло; проблема; суть; суть проблемы; содержание;
        комментарий; формулировка; подробности; заголовок""",
    "owner": """
        responsible; assignee; assigned to; who; person responsible; owned by; role;
        ответственный; исполнитель; кто отвечает; владелец; назначен; кому назначено; кто; роль""",
    "closed": """
        closed on; close date; closing date; resolved; resolved on; done; done on; solved;
        solved on; fixed; end date; date closed; closed at;
        закрыта; закрыто; дата закрытия; решена; решено; дата решения; устранена; устранено;
        дата устранения; дата завершения; завершена; исправлено""",
    "wave": """
        rollout wave; wave no; wave number; batch; stage; phase;
        волна; номер волны; волна тиража; этап; очередь тиражирования; партия""",
    "is_holdout": """
        holdout; hold out; control; control store; is control; kept as control;
        контроль; контрольный магазин; отложенный контроль; магазин контроля; без изменений;
        признак контроля""",
    "wave_start": """
        start; start date; wave date; launch date; wave started; launch; go live; go live date;
        старт; дата старта; дата начала; начало волны; дата запуска; запуск; старт волны""",
    "pair": "pair id; pair no; pair number; match; пара; номер пары; код пары; id пары",
}
