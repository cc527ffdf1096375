/* What the server cannot do: keep the theme, show the live chart once it is drawn, and lead from
   a mark to its excerpt and back. Every page works without it. */
(function () {
  "use strict";

  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function theme() {
    return root.dataset.theme || (dark.matches ? "dark" : "light");
  }

  function anchorOf(claim) {
    return "claim-" + claim.replace(/\//g, "-");
  }

  /* --- theme --- */

  function paintChart() {
    var slot = document.getElementById("chart-slot");
    var plot = slot && slot.querySelector(".js-plotly-plot");
    if (!plot || !window.Plotly) return;
    var changes = Object.assign({}, JSON.parse(slot.dataset.themes)[theme()]);
    (plot.layout.annotations || []).forEach(function (_, index) {
      changes["annotations[" + index + "].font.color"] = changes["font.color"];
    });
    window.Plotly.relayout(plot, changes);
  }

  function initTheme() {
    var button = document.getElementById("theme-switch");
    if (!button) return;
    button.hidden = false;
    function say() {
      button.setAttribute("aria-pressed", String(theme() === "dark"));
    }
    say();
    button.addEventListener("click", function () {
      root.dataset.theme = theme() === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("theme", root.dataset.theme);
      } catch (error) {
        /* storage may be forbidden: the choice then lasts for this page */
      }
      say();
      paintChart();
    });
    dark.addEventListener("change", function () {
      say();
      paintChart();
    });
  }

  /* --- claims --- */

  function select(claim) {
    document.querySelectorAll(".selected").forEach(function (element) {
      element.classList.remove("selected");
    });
    var place = document.getElementById(anchorOf(claim));
    if (place) place.classList.add("selected");
    document.querySelectorAll('.static a[href="#' + anchorOf(claim) + '"]').forEach(function (mark) {
      mark.classList.add("selected");
    });
    var slot = document.getElementById("chart-slot");
    var plot = slot && slot.querySelector(".js-plotly-plot");
    if (!plot || !window.Plotly || !plot.data) return place;
    plot.data.forEach(function (trace, index) {
      var at = (trace.meta || {}).cited ? trace.customdata.indexOf(claim) : -1;
      if (at >= 0) window.Plotly.restyle(plot, { selectedpoints: [[at]] }, [index]);
    });
    return place;
  }

  function follow(clicked) {
    var point = clicked && clicked.points && clicked.points[0];
    var claim = point && typeof point.customdata === "string" ? point.customdata : null;
    if (!claim || claim.indexOf("/") < 0) return window.dash_clientside.no_update;
    var place = select(claim);
    if (place) {
      place.scrollIntoView({ block: "center" });
      var link = place.querySelector("a");
      if (link) link.focus({ preventScroll: true });
    }
    return window.dash_clientside.no_update;
  }

  function initClaims() {
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("a[data-claim], .static a");
      if (!link) return;
      var claim = link.dataset.claim;
      if (claim && document.getElementById("chart-slot") && isDrawn(claim)) {
        event.preventDefault();
        select(claim);
        var slot = document.getElementById("chart-slot");
        slot.scrollIntoView({ block: "center" });
        slot.focus({ preventScroll: true });
      } else if (!claim) {
        var place = document.getElementById((link.getAttribute("href") || "").slice(1));
        var inner = place && place.querySelector("a[data-claim]");
        if (inner) select(inner.dataset.claim);
      }
    });
  }

  function isDrawn(claim) {
    return !!document.querySelector('.static a[href="#' + anchorOf(claim) + '"]');
  }

  /* --- the live chart takes the place of the static one once it is drawn --- */

  function initChart() {
    var slot = document.getElementById("chart-slot");
    if (!slot) return;
    if (slot.dataset.claim) select(slot.dataset.claim);
    var live = document.getElementById("react-entry-point");
    function ready() {
      // Ticks are drawn last, so that where they stand the chart stands.
      if (!live.querySelector(".js-plotly-plot .main-svg .ytick")) return false;
      paintChart();
      slot.classList.add("is-live");
      if (slot.dataset.claim) select(slot.dataset.claim);
      return true;
    }
    if (ready()) return;
    var watcher = new MutationObserver(function () {
      if (ready()) watcher.disconnect();
    });
    watcher.observe(live, { childList: true, subtree: true });
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    twotrack: { follow: follow },
  });

  initTheme();
  initClaims();
  initChart();
})();
