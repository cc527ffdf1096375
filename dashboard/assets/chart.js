/* The browser's half of `dashboard.chart.Chart`, a component of Dash: it hands the figure to the
   page, which draws it with Plotly under the static drawing, and asks for one where the server
   could not know the address. */
(function () {
  "use strict";

  var React = window.React;

  function Chart(props) {
    var box = React.useRef(null);
    React.useEffect(
      function () {
        if (props.figure) window.twotrack.draw(box.current, props.figure, props.config);
        else props.setProps({ address: window.location.href });
      },
      [props.figure]
    );
    return React.createElement("div", { id: props.id, ref: box, className: "graph" });
  }

  window.twotrack = window.twotrack || {};
  window.twotrack.Chart = Chart;
})();
