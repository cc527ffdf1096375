/* What the server cannot do: keep the theme, put the live chart under the static one, and lead
   from a mark to its excerpt and back. Every page works without it. */
(function () {
  "use strict";

  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  root.classList.add("js");

  function theme() {
    return root.dataset.theme || (dark.matches ? "dark" : "light");
  }

  function slot() {
    return document.getElementById("chart-slot");
  }

  function livePlot() {
    var plot = slot() && slot().querySelector(".js-plotly-plot");
    return plot && window.Plotly && plot.layout && plot.data ? plot : null;
  }

  /* --- theme --- */

  function paint() {
    var plot = livePlot();
    if (plot) window.Plotly.relayout(plot, colours());
  }

  function colours() {
    return JSON.parse(slot().dataset.themes)[theme()];
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
      paint();
    });
    dark.addEventListener("change", function () {
      say();
      paint();
    });
  }

  /* --- claims: mark on the chart, excerpt and reading belong together by their claim --- */

  function each(selector, use) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), use);
  }

  function ofClaim(selector, claim) {
    return Array.prototype.filter.call(document.querySelectorAll(selector), function (element) {
      return element.dataset.claim === claim;
    });
  }

  function clear() {
    each(".selected", function (element) {
      element.classList.remove("selected");
    });
    var plot = livePlot();
    var cited = plot ? citedTrace(plot.data) : -1;
    if (cited >= 0) window.Plotly.restyle(plot, { selectedpoints: [null] }, [cited]);
  }

  function select(claim) {
    clear();
    ofClaim(".static .mark, mark[data-claim], .reading[data-claim]", claim).forEach(
      function (element) {
        element.classList.add("selected");
      }
    );
    var at = citedPoint(claim);
    if (at) window.Plotly.restyle(at.plot, { selectedpoints: [[at.point]] }, [at.trace]);
  }

  function citedPoint(claim) {
    var plot = livePlot();
    if (!plot) return null;
    for (var index = 0; index < plot.data.length; index += 1) {
      var trace = plot.data[index];
      var point = (trace.meta || {}).cited ? trace.customdata.indexOf(claim) : -1;
      if (point >= 0) return { plot: plot, trace: index, point: point };
    }
    return null;
  }

  /* The mark of a claim in the drawing that is shown: there is one for wide and one for narrow. */
  function shownMark(claim) {
    return ofClaim(".static .mark", claim).filter(function (mark) {
      return mark.getBoundingClientRect().width > 0;
    })[0];
  }

  /* --- a selection is in the address, as it is without scripts --- */

  function queryOf(parts) {
    return parts.length ? "?" + parts.join("&") : "";
  }

  /* The claim that the address selects: that of its fragment, else that of its query. */
  function claimOfAddress() {
    var place = location.hash && document.getElementById(location.hash.slice(1));
    if (place && place.dataset.claim) return place.dataset.claim;
    return new URLSearchParams(location.search).get("claim");
  }

  /* `claim` is the last of the parameters, so that the address stays canonical. One step back
     leads out of a selection, however many followed each other. */
  function keepAddress(claim, fragment) {
    var parts = location.search.slice(1).split("&").filter(Boolean);
    var others = parts.filter(function (part) {
      return part.indexOf("claim=") !== 0;
    });
    var named = fragment === "chart" || others.length < parts.length;
    var query = queryOf(named ? others.concat("claim=" + claim) : parts);
    var address = location.pathname + query + "#" + fragment;
    var again = (history.state || {}).selected;
    history[again ? "replaceState" : "pushState"]({ selected: claim }, "", address);
  }

  /* Back and forward, and fragments: the browser scrolls by itself. */
  function followAddress() {
    var claim = claimOfAddress();
    if (claim) select(claim);
    else clear();
  }

  function toExcerpt(claim) {
    var place = ofClaim("mark[data-claim]", claim)[0];
    if (!place) {
      select(claim);
      return false;
    }
    keepAddress(claim, place.id || "cited");
    select(claim);
    place.scrollIntoView({ block: "center" });
    place.querySelector("a").focus({ preventScroll: true });
    return true;
  }

  function toChart(claim) {
    var mark = slot() && shownMark(claim);
    if (!mark) return false;
    keepAddress(claim, "chart");
    select(claim);
    slot().scrollIntoView({ block: "center" });
    mark.focus({ preventScroll: true });
    return true;
  }

  /* A click on a point of the live chart. */
  function follow(clicked) {
    var point = clicked && clicked.points && clicked.points[0];
    var claim = point && typeof point.customdata === "string" ? point.customdata : "";
    if (claim.indexOf("/") > 0) toExcerpt(claim);
  }

  function initClaims() {
    document.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      var link = event.target.closest && event.target.closest("a[data-claim]");
      if (!link) return;
      var claim = link.dataset.claim;
      var fromChart = link.closest(".static, .cited-list");
      var done = fromChart ? toExcerpt(claim) : toChart(claim);
      if (done) event.preventDefault();
    });
    window.addEventListener("popstate", followAddress);
    if (claimOfAddress()) select(claimOfAddress());
  }

  /* What Plotly says of a point when it is hovered, for marks: by mouse and by keyboard. */
  function initHover() {
    function show(event) {
      var mark = event.target.closest(".mark");
      var at = mark && citedPoint(mark.dataset.claim);
      if (at) window.Plotly.Fx.hover(at.plot, [{ curveNumber: at.trace, pointNumber: at.point }]);
    }
    function hide() {
      var plot = livePlot();
      if (plot) window.Plotly.Fx.unhover(plot);
    }
    each(".static", function (drawing) {
      drawing.addEventListener("mouseover", show);
      drawing.addEventListener("focusin", show);
      drawing.addEventListener("mouseout", hide);
      drawing.addEventListener("focusout", hide);
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") hide();
    });
    /* The browser's own tooltip would cover Plotly's; the name stays in aria-label. */
    each(".static .mark title", function (title) {
      title.remove();
    });
  }

  /* --- the live chart: Plotly draws lines and points under the texts and marks of the drawing --- */

  function shownDrawing() {
    return Array.prototype.filter.call(slot().querySelectorAll(".static svg"), function (svg) {
      return svg.getBoundingClientRect().width > 0;
    })[0];
  }

  /* The area of the static drawing as the margins of the plot, so that nothing moves when it takes
     over. Null where no drawing is shown. */
  function place() {
    var svg = shownDrawing();
    if (!svg) return null;
    var box = slot().getBoundingClientRect();
    var scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    var area = svg.dataset.area.split(" ").map(Number);
    return {
      svg: svg,
      scale: scale,
      margin: {
        l: Math.round(area[0] * scale),
        t: Math.round(area[1] * scale),
        r: Math.round(box.width - area[2] * scale),
        b: Math.round(box.height - area[3] * scale),
        pad: 0,
      },
    };
  }

  /* What the drawing shows itself is left out of the plot. */
  function changes(at) {
    return Object.assign({}, colours(), {
      margin: at.margin,
      annotations: [],
      shapes: [],
      showlegend: false,
      "xaxis.automargin": false,
      "xaxis.showline": false,
      "xaxis.showticklabels": false,
      "xaxis.ticks": "",
      "yaxis.automargin": false,
      "yaxis.showticklabels": false,
    });
  }

  function citedTrace(data) {
    return data.findIndex(function (trace) {
      return (trace.meta || {}).cited;
    });
  }

  /* A change like {"xaxis.ticks": ""} made in a plain object. */
  function apply(target, paths) {
    Object.keys(paths).forEach(function (path) {
      var names = path.split(".");
      var last = names.pop();
      var inner = names.reduce(function (object, name) {
        return (object[name] = object[name] || {});
      }, target);
      inner[last] = paths[path];
    });
  }

  /* Follows the drawing when the page changes its width. */
  function fit(plot) {
    var at = place();
    if (!at) return;
    var has = plot.layout.margin || {};
    var same = ["l", "t", "r", "b"].every(function (side) {
      return has[side] === at.margin[side];
    });
    if (same) return;
    var cited = citedTrace(plot.data);
    if (cited < 0) window.Plotly.relayout(plot, changes(at));
    else {
      var moved = marks(plot.layout, plot.data[cited], at);
      window.Plotly.update(plot, Object.assign(moved, { x: [moved.x] }), changes(at), [cited]);
    }
  }

  /* Marks that would cover each other stand side by side: where the drawing has them. */
  function marks(layout, trace, at) {
    var range = layout.xaxis.range.map(Date.parse);
    var days = trace.customdata.map(function (claim, index) {
      var mark = at.svg.querySelector('.mark[data-claim="' + claim + '"]');
      if (!mark) return trace.x[index];
      var moment = range[0] + Number(mark.dataset.at) * (range[1] - range[0]);
      return new Date(moment).toISOString().slice(0, 19);
    });
    return { x: days, mode: "markers", "marker.size": 9 * at.scale, "error_y.visible": false };
  }

  /* Draws a figure as soon as Plotly is there, which nothing else waits for. Called by the
     component of Dash. */
  function draw(box, figure, config) {
    if (window.Plotly) return drawNow(box, figure, config);
    document.getElementById("plotly").addEventListener("load", function () {
      drawNow(box, figure, config);
    });
  }

  /* Dash and Plotly come once the drawing is on the screen: compiling them takes all there is of
     a processor, and the first paint waits for it. Plotly takes as long to come and to run as all
     others together. They do not wait for it, so that the figure is on its way meanwhile. */
  function initLive() {
    var kept = document.getElementById("live");
    if (!kept) return;
    afterPaint(function () {
      var parts = document.importNode(kept.content, true);
      parts.querySelectorAll("script").forEach(function (script) {
        script.async = script.id === "plotly";
      });
      document.head.appendChild(parts);
    });
  }

  /* At once in a tab that nobody looks at, which is not painted. */
  function afterPaint(use) {
    var types = (window.PerformanceObserver || {}).supportedEntryTypes || [];
    if (document.hidden || types.indexOf("paint") < 0) return use();
    new PerformanceObserver(function (list, observer) {
      observer.disconnect();
      use();
    }).observe({ type: "paint", buffered: true });
  }

  /* Draws a figure, once: at the place, in the colours and without the texts that the static
     drawing has. */
  function drawNow(box, figure, config) {
    var at = place();
    if (at) {
      apply(figure.layout, changes(at));
      var cited = citedTrace(figure.data);
      if (cited >= 0) apply(figure.data[cited], marks(figure.layout, figure.data[cited], at));
    }
    window.Plotly.newPlot(box, figure.data, figure.layout, config).then(function (plot) {
      plot.on("plotly_afterplot", function () {
        fit(plot);
      });
      plot.on("plotly_click", follow);
      initHover();
      slot().classList.add("is-live");
      layRest();
      if (claimOfAddress()) select(claimOfAddress());
      document.getElementById("announce").textContent = slot().dataset.ready;
    });
  }

  /* A page that is shown again as it was left has what was written into its form, which asks for
     another view than the page shows. */
  function initForms() {
    window.addEventListener("pageshow", function (event) {
      if (!event.persisted) return;
      each("form.controls", function (form) {
        form.reset();
      });
    });
  }

  /* Cards that stand side by side on a wide screen make a long page on a narrow one. */
  function initFolds() {
    if (!window.matchMedia("(max-width: 40rem)").matches) return;
    each('details[data-fold="narrow"]', function (group) {
      group.open = false;
    });
  }

  /* --- the last visit: known to this browser alone --- */

  function keptVisits() {
    try {
      return JSON.parse(localStorage.getItem("visit")) || {};
    } catch (error) {
      return {};
    }
  }

  /* The day of the visit before this day's, in UTC as the days of releases are; null where there
     was none. Pages that are read on one day are one visit. */
  function lastVisit() {
    var kept = keptVisits();
    var today = new Date().toISOString().slice(0, 10);
    if (kept.now !== today) kept = { before: kept.now, now: today };
    localStorage.setItem("visit", JSON.stringify(kept));
    var known = /^\d{4}-\d{2}-\d{2}$/.test(kept.before) && kept.before < today;
    return known ? kept.before : null;
  }

  function initVisit() {
    var before;
    try {
      before = lastVisit();
    } catch (error) {
      return; /* storage may be forbidden: nothing is known, so nothing is said */
    }
    var place = document.getElementById("last-visit");
    if (!place) return;
    if (before) {
      var link = document.createElement("a");
      var day = new Date(before + "T00:00:00Z").toLocaleDateString(place.dataset.locale, {
        year: "numeric",
        month: "long",
        day: "numeric",
        timeZone: "UTC",
      });
      link.href = place.dataset.address + "?since=" + before;
      link.textContent = place.dataset.text.replace("{day}", day);
      place.appendChild(link);
    } else if (place.dataset.first) {
      place.textContent = place.dataset.first;
    } else {
      return;
    }
    place.hidden = false;
  }

  /* What is below the first screen is laid out once there is time: on a page with a chart that is
     when the chart is there, or does not come. */
  function initRest() {
    if (document.getElementById("live")) setTimeout(layRest, 3000);
    else requestAnimationFrame(layRest);
  }

  function layRest() {
    var whenIdle =
      window.requestIdleCallback ||
      function (use) {
        setTimeout(use, 200);
      };
    whenIdle(
      function () {
        root.classList.remove("starting");
      },
      { timeout: 2000 }
    );
  }

  window.twotrack = Object.assign(window.twotrack || {}, { draw: draw });

  initRest();
  initLive();
  initTheme();
  initFolds();
  initClaims();
  initForms();
  initVisit();
})();
