"""The pages of the demo that exist in English. Facts as on the German pages, in words for readers from elsewhere."""

from __future__ import annotations

from typing import Any

HOME: dict[str, Any] = {
    "title": "IKOE – Intercultural Openness in Saxony-Anhalt",
    "hero_title": "Halle gets administration and the labour market talking",
    "hero_lead": (
        "Coordination offices from almost all districts and cities of Saxony-Anhalt spent a day and a half discussing how public "
        "administration and businesses can work together better."
    ),
    "search_description": (
        "The Ideenwerkstatt and the network of the 14 coordination offices for integration in Saxony-Anhalt, Germany."
    ),
    "body": [
        ("heading", {"text": "What is the Ideenwerkstatt?", "level": "2"}),
        (
            "text",
            "<p>“Ideenwerkstatt” is German for a workshop of ideas. Twice a year, the people who coordinate integration "
            "work in the districts and cities of Saxony-Anhalt meet for a day and a half to learn from each other.</p>"
            "<p>Every rural district (Landkreis) and every city that is a district of its own has a coordination office "
            "for integration and migration: 14 in all. IKOE organises their meetings and keeps what came out of "
            "them.</p>",
        ),
        (
            "figures",
            {
                "caption": "Results 2015 to 2018",
                "figures": [
                    {"label": "Offices in the network", "planned": 33, "reached": 67},
                    {"label": "Guidelines, measures and instruments", "planned": 100, "reached": 132},
                    {"label": "Basic workshops", "planned": None, "reached": 40},
                ],
                "note": "Guidelines and measures as of October 2017.",
            },
        ),
    ],
}

PROJECT: dict[str, Any] = {
    "slug": "about",
    "title": "About IKOE and the Ideenwerkstatt",
    "search_description": "What IKOE does, who takes part in the Ideenwerkstatt, and what its German names mean.",
    "lead": "IKOE helps public administration in Saxony-Anhalt to open up to diversity, above all in rural areas.",
    "body": [
        ("heading", {"text": "What we do", "level": "2"}),
        (
            "text",
            "<p>IKOE is a project of the association Auslandsgesellschaft Sachsen-Anhalt e.&nbsp;V. (AGSA) in Magdeburg. "
            "Authorities, schools and associations should be good at dealing with diversity. The Ideenwerkstatt, "
            "conferences, training and advice for individual administrations all serve this aim.</p>",
        ),
        ("heading", {"text": "Who meets at the Ideenwerkstatt", "level": "2"}),
        (
            "text",
            "<p>In 2008 a directive of the ministry of the interior of Saxony-Anhalt strengthened integration work in the "
            "municipalities. Since then, all 11 rural districts and 3 independent cities have had a coordination office "
            "for integration or migration. Since 2016 these offices have been meeting at the Ideenwerkstatt, in "
            "changing places.</p>"
            "<p>A steering group of elected offices and the state administration office decides on the topics.</p>",
        ),
        ("heading", {"text": "German words you will meet here", "level": "2"}),
        (
            "text",
            "<ul><li><b>Ideenwerkstatt:</b> the meeting of the coordination offices, twice a year.</li>"
            "<li><b>Ideencafé:</b> another meeting that the project arranges.</li>"
            "<li><b>Fachtag:</b> a conference on a subject of the field.</li>"
            "<li><b>Landkreis:</b> a rural district with an administration of its own.</li>"
            "<li><b>Kreisfreie Stadt:</b> a city that belongs to no district: Dessau-Roßlau, Halle (Saale) and "
            "Magdeburg.</li></ul>",
        ),
        ("heading", {"text": "Team", "level": "2"}),
        (
            "text",
            "<p>Dr. Katja Michalak heads the project, Katja Paulke works in it. You can reach them by telephone: "
            "+49\N{NO-BREAK SPACE}391\N{NO-BREAK SPACE}5371-\N{WORD JOINER}271.</p>",
        ),
    ],
}

SERIES: dict[str, Any] = {
    "title": "Ideenwerkstatt",
    "lead": (
        "Since 2016 the coordination offices of the 11 rural districts and 3 independent cities have been meeting to "
        "exchange what they know, in changing places."
    ),
    "search_description": "The chronicle of all meetings of the coordination offices since 2016.",
    "body": [
        ("heading", {"text": "What it is for", "level": "2"}),
        (
            "text",
            "<p>The Ideenwerkstatt belongs to the coordination offices. They compare notes, advise each other and bring "
            "along what is on their minds. Talks, workshops and training add ideas from outside.</p>",
        ),
        ("heading", {"text": "How it works", "level": "2"}),
        (
            "text",
            "<p>It takes a day and a half, twice a year. The host changes, so that local conditions become part of the "
            "discussion. Workshops, talks, World Café, plenary sessions, peer consultation and examples from the offices "
            "are always on the programme.</p>",
        ),
    ],
}

EDITION_13: dict[str, Any] = {
    "title": "Ideenwerkstatt 13 in Halle (Saale)",
    "motto": (
        "Administration and integration into the labour market: how can public administrations build lasting and "
        "effective ways of working and communicating with businesses?"
    ),
    "lead": (
        "How do public administrations and businesses find each other? The meeting in Halle was about this question, with "
        "examples from Brandenburg and Hesse."
    ),
    "search_description": "A meeting in Halle on how public administrations and businesses can work together.",
    "body": [
        ("heading", {"text": "Approaching businesses", "level": "2"}),
        (
            "text",
            "<p>On the first day, a talk and a practical workshop showed how support networks come about, with examples "
            "from Brandenburg. What matters:</p>"
            "<ul><li>Each group needs to be addressed in its own way.</li>"
            "<li>It starts with the question what a business needs and which obstacles it sees.</li>"
            "<li>Regular round tables with everyone concerned work well: people get to know each other and solve the "
            "cases of businesses together.</li></ul>",
        ),
        ("heading", {"text": "Topics of the participants", "level": "2"}),
        (
            "text",
            "<p>On the second day, the coordination offices brought their own topics. Their barcamp dealt with the Job-Buddy programme and "
            "with political participation, among other things. The migration advisory council of Halle described its "
            "scope, its difficulties and how it works.</p>",
        ),
    ],
    "outlook": (
        "<p>The next Ideencafé is planned for 21 March 2025 in Magdeburg, the next Ideenwerkstatt for November 2025.</p>"
    ),
}
# In the order of the German programme: title and, where there is one, abstract.
ITEMS_13 = (
    (
        "Opening: administration, civil society and business",
        "<p>How administrations can work today, when diversity has more than one side.</p>",
    ),
    (
        "How administrations approach and involve businesses",
        "<p>How local partners build a support network: experience from Brandenburg.</p>",
    ),
    (
        "Building networks between authorities and businesses",
        "<p>From the first contact to the round table: what do businesses need, and what stands in their way?</p>",
    ),
    ("Integration in rural areas: insights from Waldeck-Frankenberg", ""),
    ("Job-Buddy, political participation and other topics from the districts", ""),
    ("Insights into the work of the migration advisory council", ""),
    ("News from the project", ""),
    ("The EU migration service point of Saxony-Anhalt (EUmigra) introduces itself", ""),
    ("Questions about the new application formalities from 2025", ""),
)

IMPRINT: dict[str, Any] = {
    "slug": "legal-notice",
    "title": "Legal notice",
    "search_description": "Who publishes this website and how to reach us.",
    "lead": "",
    "body": [
        ("heading", {"text": "Publisher", "level": "2"}),
        (
            "text",
            "<p>Auslandsgesellschaft Sachsen-Anhalt e.&nbsp;V. (AGSA)<br/>einewelt haus, Magdeburg, Germany<br/>"
            "Telephone +49\N{NO-BREAK SPACE}391\N{NO-BREAK SPACE}5371-\N{WORD JOINER}271<br/>E-mail: ikoe@example.org</p>",
        ),
        ("heading", {"text": "About this demo", "level": "2"}),
        (
            "text",
            "<p>You are looking at a demonstration with sample content. Before publication, the association enters the "
            "details that German law requires. The German legal notice is binding.</p>",
        ),
    ],
}

PRIVACY: dict[str, Any] = {
    "slug": "privacy",
    "title": "Privacy",
    "search_description": "Which data this website processes, and which it does not.",
    "lead": "This website sets no cookies for visitors and loads nothing from third parties.",
    "body": [
        ("heading", {"text": "While you read", "level": "2"}),
        (
            "text",
            "<p>We do not measure who reads which page. Fonts and images are stored on our own server. A cookie is set "
            "only when you log in.</p>",
        ),
        ("heading", {"text": "Newsletter", "level": "2"}),
        (
            "text",
            "<p>For the newsletter, which is in German, we store your e-mail address, the topics you chose, your name if "
            "you give it, and the record of your consent. Our mails contain no tracking pixels and no rewritten links. "
            "You can unsubscribe with one click.</p>"
            "<p>This is a summary. The German privacy notice is binding.</p>",
        ),
    ],
}

STATEMENT: dict[str, Any] = {
    "slug": "accessibility",
    "title": "Accessibility statement",
    "search_description": "How accessible this website is and whom you can turn to.",
    "scope": (
        "This statement applies to the IKOE website, to the PDF documentation of the Ideenwerkstatt and to the "
        "newsletter. We follow sections 16a to 16d of the disability equality act of Saxony-Anhalt (BGG LSA) and "
        "section 11 of its regulation (BGGVO LSA)."
    ),
    "gaps": (
        "<ul><li>Presentations and minutes in the archive come from many people. Not all files have headings, text "
        "alternatives and a meaningful reading order. <b>Alternative:</b> the text of every file can be searched, and on "
        "request we send you the content in an accessible form.</li>"
        "<li>There is no content in German Sign Language yet, and little in Leichte Sprache (easy-to-read German). "
        "<b>Alternative:</b> call us, and we will explain the content.</li></ul>"
    ),
    "burden": (
        "<p>Reworking the documents of 2016 to 2023 would exceed the means of the project. <b>Alternative:</b> tell us "
        "which document you need, and we will prepare that one for you.</p>"
    ),
    "excluded": (
        "<p>Office files published before 23 September 2018, and offers of other websites that we link to, are not "
        "covered by the rules. <b>Alternative:</b> we help on request here, too.</p>"
    ),
    "method": (
        "We assessed the website ourselves: with automatic checks of every type of page (axe-core and Nu Html Checker), "
        "with the keyboard alone and at 400 per cent magnification. The PDF documentation is checked by veraPDF against "
        "the standard PDF/UA."
    ),
    "contact": (
        "<p>Please write to us if you meet a barrier or need content in another form. The head of the IKOE project is "
        "responsible: telephone +49\N{NO-BREAK SPACE}391\N{NO-BREAK SPACE}5371-\N{WORD JOINER}271, e-mail ikoe@example.org. We answer within a month.</p>"
    ),
    "enforcement": (
        "<p>We have not answered after a month, or our answer does not help you? Then you can turn to the ombuds office. "
        "It mediates between you and us, free of charge (section 16d BGG LSA). It belongs to the state centre for "
        'accessibility of Saxony-Anhalt: <a href="https://www.lf-barrierefreiheit-st.de/ueber-uns/ombudsstelle">page of '
        "the ombuds office (in German)</a>.</p>"
    ),
}
