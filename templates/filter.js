(() => {
  const rows = [...document.querySelectorAll("main .c-verdict")].flatMap((head) => {
    const table = head.closest("table");
    return [...table.tBodies[0].rows].map((row) => {
      const id = row.querySelector("a[id]")?.id ?? "";
      const rule = table.parentElement.getAttribute("aria-labelledby") ?? "";
      const verdict = row.querySelector(".verdict")?.textContent ?? "";
      return { row, verdict, text: `${rule} ${id} ${row.textContent}`.toLowerCase() };
    });
  });
  if (rows.length === 0) return;

  const make = (tag, members, ...children) => {
    const element = Object.assign(document.createElement(tag), members);
    element.append(...children);
    return element;
  };
  const words = make("input", { type: "search", autocomplete: "off", spellcheck: false });
  const verdicts = [...new Set(rows.map(({ verdict }) => verdict))].sort();
  const choice = make("select", {}, make("option", { value: "" }, "any"), ...verdicts.map((it) => make("option", {}, it)));
  const count = make("p", { className: "count" });
  count.setAttribute("role", "status");
  const form = make(
    "form", { className: "filter" },
    make("label", {}, "Search this page", words), make("label", {}, "Verdict", choice), count,
  );
  form.setAttribute("role", "search");
  form.addEventListener("submit", (event) => event.preventDefault());

  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, verdict, text } of rows) {
      const fits = (!choice.value || verdict === choice.value) && wanted.every((word) => text.includes(word));
      row.classList.toggle("out", !fits);
      shown += fits ? 1 : 0;
    }
    for (const body of new Set(rows.map(({ row }) => row.parentElement))) {
      const none = [...body.rows].every((row) => row.classList.contains("out"));
      const frame = body.closest(".table");
      frame.classList.toggle("out", none);
      for (let before = frame.previousElementSibling; before?.matches("p, h3"); before = before.previousElementSibling) {
        before.classList.toggle("out", none);
        if (before.matches("h3")) break;
      }
    }
    const all = rows.length;
    count.textContent = shown === all ? `${all} findings on this page` : `${shown} of ${all} findings on this page; printed are all`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      words.value = "";
      choice.value = "";
      apply();
    }
  });
  const headings = [...document.querySelectorAll("main h2")];
  (headings.find((it) => it.nextElementSibling?.matches("h3")) ?? headings[0]).before(form);
  apply();
  // A link to a finding leads to its row, whatever the filter hid.
  addEventListener("hashchange", () => {
    words.value = "";
    choice.value = "";
    apply();
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });
})();
