"""English things counted, and the words around them."""

from __future__ import annotations

from ingest.articles.quantities.wordsets import listed, words

PERSONS = words(
    """people person persons men man women woman children child migrants migrant immigrants
    immigrant refugees refugee emigrants asylum-seekers seekers seeker minors minor adults adult
    girls boys youths teenagers inhabitants residents citizens nationals nationality individuals
    victims victim workers worker employees employee officers officer agents agent soldiers soldier
    troops marines members member students student teachers teacher journalists journalist
    patients patient detainees detainee prisoners prisoner inmates inmate deportees deportee
    returnees applicants applicant claimants beneficiaries beneficiary voters voter
    protesters protester demonstrators farmers farmer doctors doctor nurses nurse
    suspects suspect gunmen gunman attackers fighters civilians civilian survivors
    hondurans guatemalans salvadorans mexicans americans latinos hispanics haitians venezuelans
    cubans nicaraguans colombians canadians ecuadorians brazilians chinese indians texans
    newcomers arrivals travelers travellers passengers tourists visitors visitor guests
    parents mothers fathers relatives attendees participants respondents recipients entrants
    lawyers attorneys judges judge lawmakers senators deputies legislators governors governor
    mayors diplomats officials official experts scientists researchers volunteers recruits
    personnel staff police guards guardsmen crew pilots sailors drivers driver laborers labourers
    jobseekers graduates pupils infants babies newborns pensioners retirees veterans homeless
    unemployed employees youngsters smugglers traffickers hitmen police-officers interpreters
    instructors trainers prosecutors investigators staffers inspectors activists users customers
    subscribers disappeared missing dead wounded injured bystanders
    occupants orphans widows peacekeepers entrepreneurs business-owners owners shoppers
    dreamers workers day-laborers caregivers clinicians medics paramedics midwives
    candidates contenders leaders ministers secretaries advisers aides analysts economists
    sons son daughters daughter siblings brothers sisters friends neighbors neighbours singers
    actors artists athletes priests nuns pastors cooks waiters clerks cashiers managers directors
    executives founders investors traders growers ranchers fishermen firefighters delegates
    ambassadors consuls speakers winners losers donors donor tenants landlords homeowners renters
    commuters motorists cyclists pedestrians bikers riders worshippers pilgrims spectators fans
    supporters critics rebels militants insurgents terrorists assassins murderers perpetrators
    offenders convicts fugitives informants witnesses witness jurors aliens foreigners expatriates
    europeans africans asians germans spaniards peruvians chileans argentines bolivians russians
    ukrainians afghans syrians toddlers scholars professors academics apprentices trainees interns
    freelancers wives husbands spouses grandparents cousins colleagues strangers teens seniors
    elders loved-ones twins priests bishops missionaries sailors cadets captains
    conscripts mercenaries bodyguards kingpins bosses lieutenants mules coyotes addicts smokers
    vaccinators bakers miners fishers coders programmers developers designers architects
    electricians plumbers carpenters masons welders mechanics chefs maids cleaners janitors
    translators mediators negotiators observers monitors delegates envoys councilors councillors
    aldermen congressmen congresswomen congresspeople congressmembers secretaries
    consultants technicians engineers hostages kidnappers evacuees squatters
    """
)

_UNITS = {
    "persons": "population",
    "deaths": "deaths death fatalities casualties killings homicides homicide murders murder"
    " slayings femicides feminicides",
    "case-files": "case-files",
    "cases": "cases case",
    "reports": "reports",
    "firearms": "firearms firearm guns gun weapons weapon rifles rifle pistols handguns handgun"
    " arms shotguns revolvers",
    "seizures": "seizures seizure",
    "doses": "doses dose vaccines vaccine jabs shots vaccinations",
    "encounters": "encounters encounter apprehensions apprehension",
    "expulsions": "expulsions expulsion",
    "organizations": "organizations organization organisations organisation cartels cartel gangs"
    " gang groups group companies company firms firm manufacturers manufacturer businesses"
    " business agencies agency monopolies consortia associations ngos institutions banks"
    " universities corporations enterprises suppliers dealers exporters"
    " importers startups unions airlines foundations cooperatives charities nonprofits lenders"
    " insurers retailers makers automakers carmakers distributors militias utilities brokerages"
    " contractors subcontractors wholesalers employers",
    "countries": "countries country nations nation",
    "rounds": "rounds",
    "cartridges": "cartridges",
    "bullets": "bullets",
    "applications": "applications application requests petitions ",
    "homes": "homes houses dwellings",
    "families": "families family",
    "households": "households household",
    "jobs": "jobs job",
    "municipalities": "municipalities municipality",
    "claims": "claims claim",
    "percent": "",
}
_PLAIN = """states cities towns villages schools hospitals clinics shelters beds buildings districts
    counties provinces regions departments islands ports airports bridges borders crossings
    vehicles trucks cars buses trains planes aircraft helicopters ships boats vessels tankers drones
    flights trips visits meetings summits sessions talks agreements treaties laws bills
    amendments decrees articles chapters pages words languages letters documents files records
    permits visas passports licenses licences certificates appeals complaints lawsuits suits
    indictments arrests detentions deportations removals returns repatriations extraditions
    convictions sentences charges investigations inquiries probes raids operations attacks
    incidents accidents crashes explosions shootings massacres kidnappings abductions robberies
    thefts extortions crimes offences offenses disappearances graves bodies remains
    tests samples hospitalizations hospitalisations infections admissions births marriages
    divorces vacancies positions posts seats votes ballots shares contracts projects programs
    programmes initiatives measures proposals recommendations objectives goals targets issues topics
    tons tonnes kilograms kilos kilometers kilometres miles meters metres feet hectares
    acres liters litres gallons barrels pounds ounces grams megawatts gigawatts kilowatts
    pills tablets packages containers pallets boxes bags kits units devices phones computers
    cameras radios vests uniforms sensors scanners dogs horses cows cattle chickens pigs animals
    species trees plants crops factories warehouses stores shops restaurants hotels
    offices consulates embassies museums churches branches centers centres
    stations checkpoints lanes towers fences walls
    lots parcels sites locations properties apartments rooms bunkers tunnels routes roads highways
    wars elections administrations presidents governments parties coalitions caucuses
    episodes games matches medals teams players books films songs
    scholarships grants loans payments transfers  transactions invoices subsidies
    bonds accounts cards deals mergers orders deliveries shipments consignments
    calls messages emails interviews surveys questionnaires responses tickets
    earthquakes storms hurricanes floods fires wildfires outbreaks
    credits courses classes lessons workshops trainings modules
    situations sectors industries products items components parts magazines grenades explosives
    laboratories labs poppy fields sacks ammunition patrols convoys bases barracks battalions
    brigades divisions squads bombs mines missiles
    tonnages bushels head carats lives events
    detainers warrants hearings proceedings rulings verdicts judgments motions dockets
    referrals screenings enrollments enrolments placements
    trials doors windows questions answers steps phases stages options factors
    elements pillars themes axes priorities areas lines
    carriers wells refineries pipelines turbines panels dams reservoirs canals
    mechanisms committees councils commissions subcommittees authorities courts
    courtrooms benches prisons jails penitentiaries cells camps tents caravans
    """

NOUNS: dict[str, str] = {word: unit for unit, text in _UNITS.items() for word in text.split()}
NOUNS |= {word: "persons" for word in PERSONS if word not in NOUNS and "-" not in word}
for _word in _PLAIN.split():
    if _word not in NOUNS:
        NOUNS[_word] = _word
NOUNS |= {
    "kilos": "kilograms",
    "kilo": "kilograms",
    "kg": "kilograms",
    "km": "kilometers",
    "kilometres": "kilometers",
    "metres": "meters",
    "litres": "liters",
    "lb": "pounds",
    "lbs": "pounds",
    "mw": "megawatts",
    "gw": "gigawatts",
    "ha": "hectares",
    "enrollments": "enrolments",
    "mile": "miles",
    "ton": "tons",
    "tonne": "tonnes",
    "pound": "pounds",
    "state": "states",
    "city": "cities",
    "school": "schools",
    "hospitals": "hospitals",
    "bed": "beds",
    "page": "pages",
    "kilometer": "kilometers",
    "barrel": "barrels",
    "hectare": "hectares",
    "arrest": "arrests",
    "attack": "attacks",
    "attempt": "attempts",
    "attempts": "attempts",
    "times": "times",
}

DURATIONS = {
    form: unit
    for unit in listed("years months weeks days hours minutes seconds decades centuries")
    for form in (unit, unit[:-1])
} | {"century": "centuries", "weekend": "weekends", "weekends": "weekends", "nights": "nights",
     "fortnight": "fortnights", "semesters": "semesters", "quarters": "quarters",
     "generations": "generations", "moments": "moments", "seasons": "seasons"}  # fmt: skip

NUMBERED = words(
    """title section sections article articles chapter chapters act page pages p pp no nos number
    route highway interstate flight boeing airbus channel resolution decree law proposition
    prop amendment clause paragraph item annex appendix table tables figure figures chart
    charts map box exhibit note footnote volume vol part room suite apartment apt
    building floor gate platform track lane terminal exit category level tier type phase
    stage step version windows iphone model mark apollo zone district precinct ward
    chapter docket form
    rule bill hr covid sars formula group platform sdg
    pillar axis objective line agenda question slide photo
    image step lot grade ages age aged size aisle seat class bus train tram radio tv rank
    ranked ranking directive regulation protocol convention isbn issn doi code codes
    hs hts heading subheading icd naics
    zip postal po fax tel phone telephone ext extension telefono"""
)

MODIFIERS = words(
    """new more additional other extra further first last different separate various total whole
    entire full own such same big large small major minor main key single young old older
    younger male female foreign local federal state national international criminal armed
    illegal legal irregular undocumented unauthorized unaccompanied registered reported
    confirmed alleged suspected intentional currently nearly active pending approved rejected
    recognized fresh direct public private high-level monthly daily weekly annual yearly net
    gross metric short long about mostly mainly largely police military civil
    court arms border asylum vaccine us u.s u.s. american mexican honduran guatemalan
    salvadoran central latin canadian chinese european haitian venezuelan cuban million billion
    thousand difficult recent former current remaining previous estimated initial final
    official unofficial regional municipal rural urban northern southern eastern western
    southwest northwest combined overall strong so-called internally forcibly displaced missing
    or"""
)

STOPS = words(
    """the a an in on at by for from to with without into onto over under between among during
    since until till after before about against through across along around behind beyond near
    than as is are was were be been being has have had do does did will would shall should can
    could may might must and but if because while whereas although though so that which who
    whom whose when where why how this these those it its he she they we you i his her their
    our your not no nor says say said according also only just even still already yet then
    there here per each every both either neither versus via off up down out compared this last
    next toward towards reached rose fell grew increased decreased declined dropped climbed
    jumped died lived live remain remained became become went came come got get gave given made
    make took take told asked added noted stated found left seized stranded arrived waiting
    fled subsequently worth following including such annually today yesterday tomorrow earlier
    later ago crossed entered received applied came were's isn't wasn't haven't"""
)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("shes", "ches", "xes", "sses")) else word[:-1]


for _word in [word for word in NOUNS if word.endswith("s") and not word.endswith("ss")]:
    if _singular(_word) not in NOUNS | dict.fromkeys(STOPS | MODIFIERS):
        NOUNS[_singular(_word)] = NOUNS[_word]
