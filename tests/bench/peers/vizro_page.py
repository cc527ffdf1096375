"""The page of one indicator in Vizro: chart, table and a choice of countries.

Served by `tests/bench/pages.py` with gunicorn in an environment that has Vizro; BENCH_DATA names
the CSV file.
"""

import os

import pandas as pd
import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro
from vizro.tables import dash_ag_grid

rows = pd.read_csv(os.environ["BENCH_DATA"], low_memory=False)
rows = rows.assign(line=rows["geo"] + " · " + rows["source"])
rates = rows.query("indicator == 'homicide-rate' and source in ('owid-homicide', 'world-bank')")
columns = ["line", "geo", "source", "time_period", "period_start", "value", "status"]
shown = rates[columns].reset_index(drop=True)

page = vm.Page(
    title="Homicide rate",
    components=[
        vm.Card(text="Intentional homicides in a year for every 100,000 inhabitants."),
        vm.Graph(figure=px.line(shown, x="period_start", y="value", color="line", markers=True)),
        vm.Table(figure=dash_ag_grid(shown)),
    ],
    controls=[
        vm.Filter(column="geo", selector=vm.Dropdown(value=["MEX", "USA"], multi=True)),
        vm.Filter(column="source"),
    ],
)
server = Vizro().build(vm.Dashboard(pages=[page])).dash.server
