/* Scenario files: read strictly, and written so that `shudian run` gives the same numbers. What a file says is only ever
   compared and counted, never evaluated. */
(function () {
  "use strict";
  const LARGEST = 200000;
  const S = Shudian.scenario;
  const { Mistake, short } = Shudian.toml;
  const data = () => Shudian.data;
  const say = (zh, en) => ({ zh, en });

  const plain = (text) => text.normalize("NFKC").trim();
  const sameWords = (one, other) => plain(one).replace(/[\s“”‘’'"]/g, "") === plain(other).replace(/[\s“”‘’'"]/g, "");

  /* What `read` gives; its refusal is about the line of `where`. */
  function placed(where, read) {
    try {
      return read();
    } catch (error) {
      if (error instanceof Mistake) throw new Mistake(error.text, where.line);
      throw error;
    }
  }

  function amount(value, parameter, where) {
    const number = placed(where, () => (parameter.kind === "date" ? Shudian.amounts.month(value) : Shudian.amounts.measured(value, parameter)));
    const wrong = S.complaint(parameter, number);
    if (wrong) where.fail(wrong.zh, wrong.en);
    return Math.min(Math.max(number, parameter.low), parameter.high);
  }

  /* ---- a scenario file ---- */

  const KEYS = ["base", "kind", "title", "question", "evidence", "notes", "inherit_notes", "same_budget_as", "city", "levers", "assumptions", "review"];

  const at = (line) => ({ line, fail(zh, en) { throw new Mistake(say(zh, en), line); } });

  function label(entry, key, fallback) {
    if (!entry) return fallback;
    const { value, line } = entry;
    const texts = value instanceof Map && value.size === 2 && value.has("zh") && value.has("en") ? [value.get("zh").value, value.get("en").value] : [value, value];
    if (!texts.every((text) => typeof text === "string" && text.trim() && text.length <= 2000)) {
      at(line).fail(`“${key}”应为文字，或写成 { zh = "…", en = "…" }。`, `“${key}” is a text, or { zh = "…", en = "…" }.`);
    }
    for (const found of texts.map(Shudian.plainText.acting).filter(Boolean)) {
      at(line).fail(`“${key}”中有看不见的字符${found}，请删去。`, `“${key}” holds the invisible character ${found}; delete it.`);
    }
    const [zh, en] = texts.map(Shudian.plainText.oneLine);
    return { zh, en };
  }

  function parameterOf(key, roles, line) {
    const all = S.parameters();
    const found = all.has(key) ? [all.get(key)] : [...all.values()].filter((p) => sameWords(p.label.zh, key));
    if (found.length > 1) at(line).fail(`“${short(key)}”可以指几个名称，请写英文名。`, `“${short(key)}” can mean several; write the English name.`);
    if (!found.length || !roles.includes(found[0].role)) at(line).fail(`这里不能设定“${short(key)}”。`, `“${short(key)}” cannot be set here.`);
    return found[0];
  }

  function schedule(entry, parameter, undated) {
    const { value, line } = entry;
    const where = at(line);
    if (!(value instanceof Map)) return [{ start: undated, value: amount(value, parameter, where), ramp: 0 }];
    if (value.has("value") || value.has("ramp")) where.fail("有过渡期的值要写明月份。", "A value with a ramp needs a month.");
    if (!value.size || parameter.role === "uncertain") where.fail(`“${parameter.label.zh}”的写法不成立。`, `“${parameter.name}” cannot be written so.`);
    const found = [];
    for (const [date, step] of value) {
      const here = at(step.line), start = placed(here, () => (data().now_words.some((word) => sameWords(word, date.toLowerCase())) ? data().now : Shudian.amounts.month(date, true)));
      found.push(segment(start, step.value, parameter, here));
    }
    const wrong = S.scheduleComplaints(parameter, found)[0];
    if (wrong) where.fail(wrong.zh, wrong.en);
    for (let n = 1; n < found.length; n++) {
      if (found[n - 1].start + found[n - 1].ramp > found[n].start) where.fail(`“${parameter.label.zh}”的过渡期没有结束，下一步就开始了。`, `A ramp of “${parameter.name}” is not over when the next step begins.`);
    }
    return found;
  }

  function segment(start, value, parameter, where) {
    if (!(value instanceof Map)) return { start, value: amount(value, parameter, where), ramp: 0 };
    const keys = [...value.keys()];
    if (!value.has("value") || !keys.every((key) => key === "value" || key === "ramp")) where.fail("一步是一个值，或含 value 与 ramp 的表。", "A step is a value, or a table with value and ramp.");
    let ramp = 0;
    if (value.has("ramp")) {
      ramp = placed(where, () => Shudian.amounts.months(value.get("ramp").value));
    }
    return { start, value: amount(value.get("value").value, parameter, where), ramp };
  }

  /* What a preset is as a base: before its budget was equalised. */
  function asBase(preset) {
    return preset.as_base || preset;
  }

  function interpreted(root) {
    for (const [key, { line }] of root) if (![...KEYS, ...data().retrospective].includes(key)) at(line).fail(`方案文件里没有“${short(key)}”这一项。`, `A scenario file has no “${short(key)}”.`);
    const base = packageOf(root);
    if (root.has("review") && !(Array.isArray(root.get("review").value) && !root.get("review").value.length)) at(root.get("review").line).fail("本页还不能计算评估（[[review]]），请用 shudian run。", "This page does not hold reviews ([[review]]) yet; use shudian run.");
    const only = (key, allowed) => {
      const entry = root.get(key);
      if (entry && !allowed.includes(entry.value)) at(entry.line).fail(`本页不能使用这样的“${key}”。`, `This page cannot use such a “${key}”.`);
    };
    only("kind", ["package"]);
    only("city", [data().meta.city]);
    only("inherit_notes", [true, false]);
    if (root.has("same_budget_as")) at(root.get("same_budget_as").line).fail("本页不做等预算换算，请用 shudian run。", "This page does not equalise budgets; use shudian run.");
    for (const key of ["evidence", "notes"]) {
      if (root.has(key) && !Array.isArray(root.get(key).value)) at(root.get(key).line).fail(`“${key}”应为列表。`, `“${key}” is a list.`);
    }
    const notes = root.get("notes");
    if (notes) for (const value of notes.value) label({ value, line: notes.line }, "notes");
    const from = asBase(base);
    const scenario = {
      name: base.name, title: label(root.get("title"), "title", base.title), base: base.name,
      levers: { ...from.levers }, assumptions: { ...from.assumptions }, fixed: { ...from.fixed }, priors: {}, shocks: [],
    };
    label(root.get("question"), "question", null);
    const past = retrospective(root);
    for (const [table, roles] of [["levers", ["lever"]], ["assumptions", ["assumption", "uncertain"]]]) {
      const entry = root.get(table);
      if (!entry) continue;
      if (!(entry.value instanceof Map)) at(entry.line).fail(`[${table}] 应单独成行。`, `[${table}] must stand alone on its line.`);
      const seen = new Set();
      for (const [key, item] of entry.value) {
        const parameter = parameterOf(key, roles, item.line);
        if (seen.has(parameter.name)) at(item.line).fail(`“${parameter.label.zh}”写了两次。`, `“${parameter.name}” is set twice.`);
        seen.add(parameter.name);
        const steps = schedule(item, parameter, parameter.role === "lever" && !past ? data().now : 0);
        if (parameter.role === "uncertain") scenario.fixed[parameter.name] = steps[0].value;
        else {
          const before = scenario[table][parameter.name] || [], after = S.replaceFrom(before, steps);
          if (parameter.role === "lever" && !past && changesPast(parameter, after, before)) {
            const now = S.writeMonth(data().now);
            at(item.line).fail(`“${parameter.label.zh}”改动了过去：现在只能从${now}起选择；要问“当时若这样做会怎样”，请写一行 retrospective = true。`, `“${parameter.name}” is changed in the past: what is chosen now begins in ${now} or later; to ask what if it had been chosen then, write retrospective = true.`);
          }
          scenario[table][parameter.name] = after;
        }
      }
    }
    return scenario;
  }

  /* Whether the file says that it chooses in the past. */
  function retrospective(root) {
    const found = data().retrospective.filter((key) => root.has(key)).map((key) => [key, root.get(key)]);
    for (const [key, { value, line }] of found) if (typeof value !== "boolean") at(line).fail(`“${key}”只能写 true 或 false。`, `“${key}” is true or false.`);
    if (found.length > 1) at(found[1][1].line).fail("同一项写了两次，请只留一个。", "The same is written twice; keep one.");
    return found.length > 0 && found[0][1].value;
  }

  /* Whether a lever was in the past neither what it is in the base, nor what was decided. */
  function changesPast(parameter, own, base) {
    const record = (S.preset(data().record) || { levers: {} }).levers[parameter.name] || [];
    const slack = 1e-9 * (parameter.high - parameter.low);
    const differs = (other) => {
      for (let t = 0; t < data().now; t += 1 / 8) if (Math.abs(S.valueOf(own, t, parameter.default) - S.valueOf(other, t, parameter.default)) > slack) return true;
      return false;
    };
    return differs(base) && differs(record);
  }

  function packageOf(root) {
    const entry = root.get("base");
    if (!entry) at(1).fail("缺少 base：请写明以哪个方案为基础。", "“base” is missing; name the package on which this one is built.");
    const { value, line } = entry;
    const found = data().presets.filter((p) => p.kind === "package" && typeof value === "string" && (p.name === value || sameWords(p.title.zh, value) || sameWords(p.title.en, value)));
    const reviewed = data().reviewed.find((p) => typeof value === "string" && (p.name === value || sameWords(p.title.zh, value) || sameWords(p.title.en, value)));
    if (reviewed) at(line).fail(`“${reviewed.title.zh}”含有评估，本页还不能计算，请用 shudian run。`, `“${reviewed.title.en}” has reviews, which this page does not hold yet; use shudian run.`);
    if (found.length !== 1) at(line).fail(`基础方案“${short(value)}”不在本页之中。`, `The base “${short(value)}” is not one of this page's packages.`);
    return found[0];
  }

  function fromToml(text) {
    const refuse = (zh, en, line = 1) => ({ error: { zh, en, line } });
    if (typeof text !== "string") return refuse("这不是文字。", "This is not text.");
    if (text.length > LARGEST) return refuse("文件太大，不是方案文件（上限200千字节）。", "The file is too large for a scenario (at most 200 kB).");
    const body = text.startsWith("\ufeff") ? text.slice(1) : text;
    if (!body.trim()) return refuse("文件是空的。", "The file is empty.");
    try {
      return { scenario: interpreted(Shudian.toml.read(body)) };
    } catch (error) {
      if (error instanceof Mistake) return refuse(error.text.zh, error.text.en, error.line);
      throw error;
    }
  }

  /* ---- writing ---- */

  const quoted = (text) => JSON.stringify(text).replace(/\u007f/g, "\\u007f");
  const labelled = ({ zh, en }) => `{ zh = ${quoted(zh)}, en = ${quoted(en)} }`;

  function nextFloat(value, direction) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    view.setBigInt64(0, view.getBigInt64(0) + BigInt(value > 0 === direction > 0 ? 1 : -1));
    return view.getFloat64(0);
  }

  /* A value such that reading it gives the same number to the bit. */
  function written(value, parameter) {
    if (parameter.kind === "date") return quoted(S.writeMonth(value));
    if (parameter.unit === "1") return number(value);
    const shown = value / parameter.into;
    const near = shown === 0 ? [0] : [Number(shown.toPrecision(12)), shown, nextFloat(shown, 1), nextFloat(shown, -1)];
    for (const candidate of near) {
      if (candidate * parameter.into === value) return quoted(`${number(candidate)} ${parameter.unit_display}`);
    }
    return quoted(`${number(value)} ${parameter.internal_label}`);
  }

  const number = (value) => String(Object.is(value, -0) ? 0 : value);

  function line(parameter, schedule_, always) {
    if (always && schedule_.length === 1 && schedule_[0].start === 0) return `${parameter.name} = ${written(schedule_[0].value, parameter)}`;
    const steps = schedule_.map((segment_, n) => {
      const { start } = segment_;
      let { value, ramp } = segment_;
      const end = n + 1 < schedule_.length ? schedule_[n + 1].start : Infinity;
      if (start + ramp > end) {
        ramp = end - start;
        value = S.valueOf(schedule_.slice(0, n + 1), end, parameter.default);
      }
      const text = written(value, parameter);
      return `${S.writeMonth(start)} = ${ramp ? `{ value = ${text}, ramp = "${number(ramp)} 个月" }` : text}`;
    });
    return `${parameter.name} = { ${steps.join(", ")} }`;
  }

  /* The whole schedule, so that nothing of the base shows through: from 2023-01 on where the base began earlier. */
  function whole(own, base, parameter) {
    const first = own.length ? own[0].start : Infinity;
    const covered = base.filter((segment_) => segment_.start < first);
    return covered.length ? [{ start: 0, value: parameter.default, ramp: 0 }, ...own] : own;
  }

  function toToml(scenario) {
    const preset = S.preset(scenario.base), base = asBase(preset), all = S.parameters();
    const past = Object.keys({ ...base.levers, ...scenario.levers }).some((name) => changesPast(all.get(name), scenario.levers[name] || [], base.levers[name] || []));
    const lines = [
      `base = ${quoted(scenario.base)}`, `title = ${labelled(scenario.title)}`, `question = ${labelled(preset.question)}`,
      "evidence = []", "notes = []",
    ];
    if (past) lines.push("retrospective = true");
    for (const table of ["levers", "assumptions"]) {
      const names = [...new Set([...Object.keys(base[table]), ...Object.keys(scenario[table])])];
      const entries = names.map((name) => [all.get(name), whole(scenario[table][name] || [], base[table][name] || [], all.get(name))]);
      const found = entries.filter(([, steps]) => steps.length).map(([parameter, steps]) => line(parameter, steps, past || table !== "levers"));
      if (table === "assumptions") {
        for (const name of Object.keys(scenario.fixed)) found.push(`${name} = ${written(scenario.fixed[name], all.get(name))}`);
      }
      if (found.length) lines.push("", `[${table}]`, ...found);
    }
    return `${lines.join("\n")}\n${priorsOf(scenario)}`;
  }

  /* A scenario file holds no priors: they are for the command line, and stand below as it takes them. */
  function priorsOf({ priors }) {
    const told = Object.entries(priors || {}).map(([name, { distribution, arguments: found }]) => {
      const parameter = S.parameters().get(name), unit = parameter.internal_label === "1" ? "" : ` ${parameter.internal_label}`;
      const written_ = Shudian.priors.ARGUMENTS[distribution].map((key) => number(found[key]) + (key === "nil_probability" ? "" : unit));
      return `# --prior-of ${quoted(`${name}=${distribution}(${written_.join(", ")})`)}`;
    });
    return told.length ? `\n${told.join("\n")}\n` : "";
  }

  Object.assign(Shudian.scenario, { fromToml, toToml });
})();
