// Put into a supervisor's page. Notes when something is on screen: the DOM shows it, and the frame with it is due.
(() => {
  let seen = null;
  window.benchScreen = {
    arm: (selector, gone) => {
      seen = new Promise((resolve) => {
        const look = () => {
          if ((document.querySelector(selector) === null) !== gone) return false;
          observer.disconnect();
          // Milliseconds since 1970, by the clock of this machine.
          requestAnimationFrame(() => resolve(Date.now()));
          return true;
        };
        const observer = new MutationObserver(look);
        if (!look()) observer.observe(document, { subtree: true, childList: true, attributes: true });
      });
    },
    seen: () => seen,
  };
})();
