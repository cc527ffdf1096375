"""Spanish things counted, to the unit that they mean, and the words around them."""

from __future__ import annotations

from ingest.articles.quantities.spanish_things import PERSONS as MORE_PERSONS
from ingest.articles.quantities.spanish_things import THINGS
from ingest.articles.quantities.wordsets import words

PERSONS = words(
    """personas persona migrantes migrante inmigrantes inmigrante refugiados refugiadas refugiado
    emigrantes menores menor adultos adultas adulto ninos ninas nino nina mujeres mujer hombres
    hombre jovenes joven adolescentes habitantes habitante residentes ciudadanos ciudadanas
    ciudadano connacionales paisanos mexicanos mexicanas estadounidenses hondurenos hondurenas
    guatemaltecos guatemaltecas salvadorenos salvadorenas haitianos haitianas venezolanos
    venezolanas cubanos cubanas nicaraguenses colombianos centroamericanos latinos hispanos
    extranjeros extranjeras victimas victima trabajadores trabajadoras trabajador empleados
    empleadas obreros policias policia agentes agente elementos elemento soldados soldado
    militares marinos efectivos integrantes miembros miembro estudiantes alumnos maestros
    maestras docentes profesores periodistas periodista pacientes paciente detenidos detenidas
    detenido presos reos internos reclusos deportados deportadas repatriados retornados
    solicitantes solicitante beneficiarios beneficiarias votantes manifestantes agricultores
    campesinos jornaleros productores medicos medicas doctores enfermeras enfermeros
    sospechosos imputados sicarios civiles sobrevivientes viajeros turistas pasajeros
    visitantes padres madres familiares asistentes participantes encuestados abogados jueces
    juez legisladores senadores diputados gobernadores gobernador alcaldes diplomaticos
    funcionarios funcionarias servidores expertos cientificos investigadores voluntarios
    reclutas guardias tripulantes pilotos marineros choferes conductores desempleados infantes
    bebes recien pensionados jubilados veteranos desplazados desplazadas desaparecidos
    desaparecidas muertos muertas fallecidos fallecidas heridos heridas lesionados rehenes
    secuestrados traficantes instructores fiscales usuarios clientes suscriptores huerfanos
    viudas empresarios duenos compradores candidatos lideres ministros secretarios asesores
    analistas economistas contratistas tecnicos ingenieros ocupantes pobladores
    vecinos peatones derechohabientes afiliados becarios egresados profesionistas
    artesanos pescadores indigenas comerciantes vendedores inspectores custodios ministeriales
    federales uniformados individuos sujetos caminantes compatriotas hijos hijas hermanos hermanas
    damnificados damnificadas afectados afectadas evacuados evacuadas aspirantes postulantes
    retornadas repatriadas contagiados contagiadas hospitalizados hospitalizadas internados
    asesinados asesinadas ejecutados ejecutadas vacunadas desempleadas pobladoras vecinas
    ecuatorianos ecuatorianas peruanos peruanas bolivianos brasilenos chilenos chilenas argentinos
    argentinas espanoles espanolas canadienses panamenos dominicanos dominicanas paraguayos
    uruguayos colombianas centroamericanas extorsionados infectados infectadas rescatados
    rescatadas capturados capturadas arrestados arrestadas condenados condenadas procesados
    procesadas absueltos nietos familiares testigos espectadores aficionados suscriptoras
    abonados abonadas universitarios bachilleres titulares contribuyentes jubiladas brigadistas
    bomberos socorristas rescatistas camioneros transportistas guerrilleros combatientes
    narcotraficantes pandilleros adolescente indocumentado indocumentada asilados asiladas
    refugiada migrante detenida damas caballeros electores ciudadana pequenos"""
)

_UNITS = {
    "persons": "poblacion indocumentados indocumentadas desocupados desocupadas ocupados"
    " vacunados inmunizados deportados"
    " repatriados reclusos asegurados pobres nacidos empleados indigentes",
    "deaths": "homicidios homicidio asesinatos asesinato feminicidios feminicidio"
    " muertes muerte defunciones defuncion decesos fallecimientos",
    "cases": "casos caso",
    "reports": "reportes reporte",
    "firearms": "armas arma fusiles rifles pistolas escopetas revolveres",
    "seizures": "aseguramientos aseguramiento decomisos decomiso incautaciones",
    "doses": "dosis vacunas vacuna biologicos",
    "encounters": "encuentros encuentro aprehensiones aprehension",
    "expulsions": "expulsiones",
    "organizations": "organizaciones organizacion carteles cartel grupos grupo bandas banda"
    " pandillas empresas empresa companias compania fabricantes fabricante agencias dependencias"
    " asociaciones instituciones bancos universidades corporaciones negocios sindicatos"
    " proveedores distribuidores exportadoras firmas celulas ong"
    " aseguradoras distribuidoras importadoras productoras constructoras consultoras armadoras"
    " empacadoras procesadoras refresqueras cementeras mineras petroleras financieras aerolineas"
    " cooperativas fundaciones consorcios fideicomisos sociedades ongs",
    "countries": "paises pais naciones nacion",
    "cartridges": "cartuchos",
    "bullets": "balas",
    "rounds": "municiones",
    "applications": "solicitudes solicitud peticiones",
    "homes": "viviendas casas",
    "families": "familias familia",
    "households": "hogares hogar",
    "jobs": "empleos empleo plazas puestos",
    "municipalities": "municipios municipio alcaldias",
    "case-files": "carpetas",
    "states": "estados estado entidades entidad",
    "cities": "ciudades ciudad aglomerados urbes",
    "towns": "pueblos localidades comunidades poblaciones",
    "schools": "escuelas planteles escuela",
    "hospitals": "hospitales hospital",
    "clinics": "clinicas",
    "shelters": "albergues refugios",
    "beds": "camas",
    "buildings": "edificios inmuebles",
    "districts": "distritos comunas",
    "wells": "pozos pozo",
    "crews": "cuadrillas cuadrilla",
    "sites": "sitios modulos puntos",
    "vaccination-centers": "vacunatorios",
    "neighborhoods": "colonias barrios",
    "acres": "acres",
    "kilowatts": "kilovatios",
    "gallons": "galones",
    "ounces": "onzas",
    "turbines": "aerogeneradores turbinas",
    "panels": "paneles",
    "buses": "autobuses",
    "farms": "granjas explotaciones",
    "libraries": "bibliotecas",
    "pharmacies": "farmacias",
    "gas-stations": "gasolineras",
    "dams": "presas embalses",
    "rivers": "rios",
    "quintals": "quintales",
    "counties": "condados condado",
    "provinces": "provincias",
    "regions": "regiones",
    "ports": "puertos",
    "airports": "aeropuertos",
    "bridges": "puentes",
    "vehicles": "vehiculos vehiculo autos automoviles coches carros",
    "trucks": "camiones camionetas tractocamiones pipas trailers traileres",
    "trains": "trenes",
    "planes": "aviones",
    "helicopters": "helicopteros",
    "ships": "barcos buques embarcaciones",
    "drones": "drones",
    "flights": "vuelos vuelo",
    "trips": "viajes",
    "visits": "visitas",
    "meetings": "reuniones",
    "agreements": "acuerdos convenios",
    "treaties": "tratados",
    "laws": "leyes reformas",
    "pages": "paginas pagina cuartillas hojas",
    "languages": "idiomas lenguas",
    "documents": "documentos",
    "files": "expedientes archivos",
    "records": "registros",
    "permits": "permisos",
    "visas": "visas",
    "certificates": "certificados constancias",
    "complaints": "denuncias quejas",
    "lawsuits": "demandas juicios",
    "arrests": "arrestos detenciones capturas",
    "deportations": "deportaciones",
    "repatriations": "repatriaciones retornos devoluciones",
    "extraditions": "extradiciones",
    "sentences": "sentencias condenas",
    "investigations": "investigaciones averiguaciones",
    "raids": "redadas cateos",
    "operations": "operativos operaciones",
    "attacks": "ataques agresiones atentados",
    "incidents": "incidentes hechos",
    "accidents": "accidentes choques",
    "shootings": "tiroteos enfrentamientos",
    "massacres": "masacres",
    "kidnappings": "secuestros secuestro plagios",
    "robberies": "robos asaltos",
    "extortions": "extorsiones",
    "crimes": "delitos crimenes delito",
    "disappearances": "desapariciones",
    "graves": "fosas",
    "bodies": "cuerpos cadaveres",
    "remains": "restos",
    "tests": "pruebas",
    "hospitalizations": "hospitalizaciones",
    "infections": "contagios infecciones",
    "births": "nacimientos",
    "vacancies": "vacantes",
    "seats": "escanos curules asientos",
    "votes": "votos",
    "contracts": "contratos",
    "projects": "proyectos obras",
    "programs": "programas",
    "measures": "medidas",
    "actions": "acciones",
    "recommendations": "recomendaciones",
    "objectives": "objetivos metas",
    "issues": "temas asuntos",
    "tonnes": "toneladas tonelada",
    "kilograms": "kilos kilogramos kg kilo",
    "kilometers": "kilometros kilometro km",
    "meters": "metros",
    "miles": "millas",
    "hectares": "hectareas",
    "liters": "litros",
    "barrels": "barriles",
    "grams": "gramos",
    "pounds": "libras",
    "megawatts": "megavatios megawatts mw",
    "pills": "pastillas tabletas",
    "packages": "paquetes",
    "containers": "contenedores",
    "boxes": "cajas",
    "devices": "dispositivos equipos aparatos",
    "computers": "computadoras",
    "cameras": "camaras",
    "vests": "chalecos",
    "uniforms": "uniformes",
    "dogs": "perros binomios",
    "heads": "cabezas",
    "factories": "fabricas plantas",
    "stores": "tiendas comercios",
    "restaurants": "restaurantes",
    "hotels": "hoteles",
    "offices": "oficinas sedes",
    "centers": "centros",
    "stations": "estaciones",
    "checkpoints": "retenes",
    "properties": "propiedades predios",
    "apartments": "departamentos",
    "rooms": "habitaciones cuartos",
    "tunnels": "tuneles",
    "routes": "rutas",
    "roads": "carreteras caminos",
    "elections": "elecciones",
    "administrations": "administraciones sexenios",
    "governments": "gobiernos",
    "parties": "partidos",
    "scholarships": "becas",
    "loans": "creditos prestamos",
    "payments": "pagos",
    "transfers": "transferencias traslados envios",
    "transactions": "transacciones",
    "accounts": "cuentas",
    "shipments": "cargamentos embarques",
    "calls": "llamadas",
    "messages": "mensajes",
    "interviews": "entrevistas",
    "surveys": "encuestas",
    "earthquakes": "sismos terremotos",
    "hurricanes": "huracanes",
    "fires": "incendios",
    "courses": "cursos talleres",
    "sectors": "sectores",
    "products": "productos ",
    "items": "articulos piezas",
    "magazines": "cargadores",
    "grenades": "granadas",
    "explosives": "explosivos",
    "laboratories": "laboratorios",
    "fields": "plantios",
    "bases": "bases cuarteles",
    "battalions": "batallones",
    "courts": "tribunales juzgados",
    "prisons": "carceles prisiones penales",
    "camps": "campamentos",
    "events": "eventos",
    "hearings": "audiencias",
    "proceedings": "procesos procedimientos",
    "rulings": "fallos resoluciones",
    "enrolments": "inscripciones",
    "orders": "ordenes",
    "warrants": "mandamientos",
    "lives": "vidas",
    "pillars": "pilares ejes",
    "phases": "fases etapas",
    "causes": "causas",
    "wars": "guerras",
    "situations": "situaciones",
    "committees": "comites comisiones",
    "trees": "arboles",
    "animals": "animales",
    "species": "especies",
    "tickets": "boletos",
    "milliliters": "mililitros",
    "prices": "precios",
    "benches": "bancas",
    "invoices": "facturas",
    "times": "veces",
    "services": "servicios",
    "consultations": "consultas",
    "consulates": "consulados",
    "mechanisms": "mecanismos",
    "questions": "preguntas",
    "answers": "respuestas",
    "attempts": "intentos",
    "patrols": "patrullas",
    "crossings": "cruces",
}

NOUNS: dict[str, str] = {word: unit for unit, text in _UNITS.items() for word in text.split()}
NOUNS |= {word: "persons" for word in PERSONS if word not in NOUNS}
NOUNS |= {
    word: unit
    for unit, text in (*THINGS.items(), ("persons", " ".join(MORE_PERSONS)))
    for word in text.split()
    if word not in NOUNS
}

DURATIONS = {
    "ano": "years",
    "anos": "years",
    "mes": "months",
    "meses": "months",
    "semana": "weeks",
    "semanas": "weeks",
    "dia": "days",
    "dias": "days",
    "hora": "hours",
    "horas": "hours",
    "minuto": "minutes",
    "minutos": "minutes",
    "segundos": "seconds",
    "decada": "decades",
    "decadas": "decades",
    "siglo": "centuries",
    "siglos": "centuries",
    "trimestres": "quarters",
    "semestres": "semesters",
    "noches": "nights",
    "lustros": "lustrums",
    "generaciones": "generations",
    "fines": "weekends",
}

NUMBERED = words(
    """titulo seccion articulo articulos art arts capitulo acto pagina paginas p pag num numero no
    nro ruta carretera vuelo boeing airbus canal resolucion decreto ley transitorio fraccion
    inciso anexo apendice tabla cuadro grafica figura mapa nota volumen vol tomo parte sala
    piso puerta anden via linea terminal caja categoria nivel tipo etapa fase paso version
    modelo apolo zona distrito seccional delegacion colonia grupo covid sars formula plataforma
    eje objetivo agenda pregunta lamina foto imagen lote grado edad edades lugar asiento clase
    norma directiva reglamento protocolo convenio tratado codigo c.p cp tel telefono ext
    extension fax calle avenida av manzana mz lt interior int exterior oficio
    expediente juzgado zonas seccion pasaje clausula parrafo punto
    ncm hs scian cie partida subpartida arancelaria fracciones
    numeral apartado regla circular boletin comunicado"""
)

MODIFIERS = words(
    """nuevos nuevas nuevo nueva mas otros otras primeros primeras ultimos ultimas distintos
    distintas diferentes diversos diversas presuntos presuntas posibles grandes pequenas
    pequenos principales mil millones millon de posible nueva adicionales supuestos
    supuestas probables jovenes grandes propios propias mejores peores siguientes actuales
    antiguos restantes faltantes vigentes existentes pendientes recientes buenos buenas
    importantes grandes pequenos altos tales unicos unicas solos"""
)

STOPS = words(
    """el la los las un una unos unas en a al por para con sin sobre entre desde hasta durante
    segun contra ante bajo tras hacia y e o u ni que quien quienes cual cuales cuando donde
    como porque si pero sino mientras aunque pues es son fue fueron era eran ser sido siendo
    esta estan estaba estaban ha han habia habian haber hay hubo se le les lo su sus mi este
    esta estos estas ese esa esos esas aquel ya no tambien solo apenas aun todavia muy menos
    cada ambos ambas ayer hoy manana aqui alli respecto frente dijo informo senalo agrego
    explico preciso detallo fallecieron murieron resultaron quedaron llegaron salieron viven
    vivian cruzaron recibieron fueron presentaron registraron llego paso crecio subio bajo
    aumento cayo equivale equivalentes incluidos incluidas incluyendo correspondientes
    correspondiente del ellos ellas aquellos aquellas quedan son ese aquella unidades"""
)

for _word in [word for word in NOUNS if word.endswith("s")]:
    for _form in (_word[:-1], _word[:-2] if _word.endswith("es") else ""):
        if len(_form) > 3 and _form not in NOUNS | dict.fromkeys(STOPS | MODIFIERS):
            NOUNS[_form] = NOUNS[_word]
