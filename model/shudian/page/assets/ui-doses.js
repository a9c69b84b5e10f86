"use strict";
/* How much of a lever brings how much: four small curves over its whole range, their numbers, and where nothing answers.
   All of it is computed when the page is made, and is what `shudian explain` prints. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, h, svg, amount, signed, range, signedRange, unit, leverValue, monthOf, table } = Shudian.text;
  const WIDTH = 300, HEIGHT = 132, LEFT = 50, RIGHT = 292, TOP = 10, BOTTOM = 104;

  const names = (response) => Object.keys(response.gains);
  const titled = (measure) => pick(measure.label) + (unit(measure) ? say("page_in_brackets", { text: unit(measure) }) : "");
  const told = (gain, measure) => signed(gain.median, measure) + say("page_in_brackets", { text: signedRange(gain.low, gain.high, measure) });

  function shown(lever) {
    const { response } = lever;
    const given = response.given.map(([name, value]) => pick(state.parameters.get(name).label) + " " + leverValue(state.parameters.get(name), value));
    const at = leverValue(lever, response.doses[response.rest]);
    return [
      h("p", { class: "hint" }, say("page_doses_terms", { package: pick(state.presets.get(data.asked).title), month: monthOf(response.since), rest: at, draws: response.draws, given: given.length ? say("page_doses_given", { settings: given.join(say("page_doses_and")) }) : "" })),
      h("div", { class: "doses" }, names(response).map((name) => curve(lever, name))),
      ...response.flat.map((flat) => h("p", { class: "flat" }, pick(flat))),
      h("details", {}, h("summary", {}, say("page_doses_numbers")), h("div", { class: "doses-table", tabindex: "0", role: "region", "aria-label": say("page_doses_numbers") }, numbers(lever))),
    ];
  }

  function curve(lever, name) {
    const { response } = lever;
    const { doses, rest } = response;
    const measure = Shudian.figures.measure(name);
    const gains = response.gains[name];
    const level = response.levels[name];
    const at = leverValue(lever, doses[rest]);
    const caption = say("page_doses_at_rest", { what: titled(measure), rest: at, level: amount(measure, level.median), range: range(level.low, level.high, measure) });
    const label = caption + say("page_list_comma") + doses.map((dose, place) => (place === rest ? null : leverValue(lever, dose) + say("page_colon") + told(gains[place], measure))).filter(Boolean).join(say("page_list_comma"));
    return h("figure", {}, h("figcaption", {}, caption), drawing(lever, measure, gains, label));
  }

  function drawing(lever, measure, gains, label) {
    const { doses, rest, flat } = lever.response;
    const low = Math.min(0, ...gains.map((gain) => gain.low));
    const high = Math.max(0, ...gains.map((gain) => gain.high));
    const x = (dose) => LEFT + ((dose - doses[0]) / (doses[doses.length - 1] - doses[0])) * (RIGHT - LEFT);
    const y = (value) => (high === low ? (TOP + BOTTOM) / 2 : BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP));
    const points = (bound) => gains.map((gain, place) => x(doses[place]).toFixed(1) + "," + y(gain[bound]).toFixed(1));
    const nothing = (place) => flat.some((stretch) => stretch.first <= place && place < stretch.last);
    const words = (properties, text) => svg("text", properties, text);
    // what would stand on the nil of the axis is left out
    const ends = [low, high].filter((value) => Math.abs(y(value) - y(0)) > 12);
    return svg("svg", { viewBox: "0 0 " + WIDTH + " " + HEIGHT, class: "dose-curve", role: "img", "aria-label": label },
      svg("polygon", { class: "band", points: points("low").concat(points("high").reverse()).join(" ") }),
      svg("line", { class: "nil", x1: LEFT, x2: RIGHT, y1: y(0), y2: y(0) }),
      svg("line", { class: "rest", x1: x(doses[rest]), x2: x(doses[rest]), y1: TOP, y2: BOTTOM }),
      doses.slice(1).map((dose, place) => svg("line", { class: nothing(place) ? "median flat" : "median", x1: x(doses[place]), y1: y(gains[place].median), x2: x(dose), y2: y(gains[place + 1].median) })),
      doses.map((dose, place) => svg("circle", { class: "dose", cx: x(dose), cy: y(gains[place].median), r: 2.6 })),
      words({ x: LEFT - 5, y: y(0) + 4, "text-anchor": "end" }, "0"),
      ends.map((value) => words({ x: LEFT - 5, y: y(value) + 4, "text-anchor": "end" }, signed(value, measure))),
      words({ x: LEFT, y: HEIGHT - 8, "text-anchor": "start" }, leverValue(lever, doses[0])),
      words({ x: RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, leverValue(lever, doses[doses.length - 1])));
  }

  function numbers(lever) {
    const { response } = lever;
    const measures = names(response).map(Shudian.figures.measure);
    const rows = response.doses.map((dose, place) => [leverValue(lever, dose), ...measures.map((measure) => {
      const gain = response.gains[measure.name][place];
      return place === response.rest ? "—" : [signed(gain.median, measure), h("small", {}, signedRange(gain.low, gain.high, measure))];
    })]);
    return table(null, [pick(lever.label), ...measures.map(titled)], rows);
  }

  Shudian.doses = { shown };
})();
