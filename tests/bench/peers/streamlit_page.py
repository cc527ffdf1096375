"""The page of one indicator in Streamlit: chart, table and a choice of countries.

Run by `tests/bench/pages.py` in an environment that has Streamlit; BENCH_DATA names the CSV file.
"""

import os

import pandas as pd
import plotly.express as px
import streamlit as st

st.set_page_config(page_title="Homicide rate", layout="wide")


@st.cache_data
def observations() -> pd.DataFrame:
    rows = pd.read_csv(os.environ["BENCH_DATA"], low_memory=False)
    return rows.assign(line=rows["geo"] + " · " + rows["source"])


rates = observations().query("indicator == 'homicide-rate'")
st.title("Homicide rate")
st.write("Intentional homicides in a year for every 100,000 inhabitants.")
areas = st.multiselect("Countries", sorted(rates["geo"].unique()), ["MEX", "USA"])
sources = st.multiselect(
    "Sources", sorted(rates["source"].unique()), ["owid-homicide", "world-bank"]
)
shown = rates[rates["geo"].isin(areas) & rates["source"].isin(sources)]
st.plotly_chart(px.line(shown, x="period_start", y="value", color="line", markers=True))
st.dataframe(shown[["line", "time_period", "value", "status"]])
