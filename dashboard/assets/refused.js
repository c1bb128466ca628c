/* When the server does not answer a page's question as asked, its words are shown; when it is only busy, the same is
   asked again after the time it says. */
(function () {
  "use strict";

  const TRIES = 8;
  const ask = window.fetch;

  function tell(words) {
    let told = document.getElementById("refused");
    if (!told) {
      told = document.createElement("div");
      told.id = "refused";
      told.className = "refused";
      told.setAttribute("role", "status");
      document.body.prepend(told);
    }
    const title = document.createElement("strong");
    title.textContent = words.title;
    told.replaceChildren(title, ` ${words.text} ${words.do}`);
  }

  function untell() {
    const told = document.getElementById("refused");
    if (told) told.remove();
  }

  async function words(answer) {
    try { return await answer.clone().json(); } catch { return null; }
  }

  window.fetch = async (...request) => {
    for (let tried = 1; ; tried += 1) {
      const copy = request[0] instanceof Request ? [request[0].clone(), ...request.slice(1)] : request;
      const answer = await ask(...copy);
      if (answer.ok) {
        untell();
        return answer;
      }
      const said = await words(answer);
      if (said && said.title) tell(said);
      if (answer.status !== 429 || tried === TRIES) return answer;
      const seconds = Number(answer.headers.get("Retry-After")) || 1;
      await new Promise((resume) => { setTimeout(resume, seconds * 1000); });
    }
  };
})();
