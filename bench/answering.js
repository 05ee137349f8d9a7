// Put into the agent's page. Gives every call a STUN server that never answers, and notes when Answer was clicked and
// when the customer's tone was first played. Times are milliseconds since 1970.
(() => {
  const STUN = "@STUN@";
  const HZ = Number("@HZ@");
  const LOUD = 10 ** (-45 / 20);
  const LOOK_MS = 5;
  const noted = { clicked: null, heard: null };
  let context = null;

  function amplitude(samples, rate) {
    let [real, imaginary] = [0, 0];
    samples.forEach((sample, at) => {
      real += sample * Math.cos((2 * Math.PI * HZ * at) / rate);
      imaginary += sample * Math.sin((2 * Math.PI * HZ * at) / rate);
    });
    return (2 * Math.hypot(real, imaginary)) / samples.length;
  }

  // Chromium gives a remote track to Web Audio only while the page itself plays it.
  function listen(track) {
    context ??= new AudioContext();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      if (noted.heard === null && amplitude(samples, context.sampleRate) > LOUD) noted.heard = Date.now();
    }, LOOK_MS);
    track.addEventListener("ended", () => {
      clearInterval(timer);
      source.disconnect();
    });
  }

  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(settings) {
      super({ ...settings, iceServers: [{ urls: STUN }] });
      this.addEventListener("track", ({ track }) => listen(track));
    }
  };
  addEventListener(
    "click",
    (event) => {
      // The time of the click itself, not of the script that hears of it.
      if (event.target.closest("[data-testid=answer]")) noted.clicked = Date.now() - (performance.now() - event.timeStamp);
    },
    { capture: true },
  );
  window.benchAnswering = {
    forget: () => Object.assign(noted, { clicked: null, heard: null }),
    noted: () => ({ ...noted }),
    // How long a call would wait for all candidates, were it to wait for them; no longer than `most` is waited here.
    gathering: async (most) => {
      const connection = new window.RTCPeerConnection();
      connection.createDataChannel("none");
      const began = performance.now();
      const complete = new Promise((resolve) => {
        setTimeout(resolve, most);
        connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && resolve();
      });
      await connection.setLocalDescription();
      await complete;
      connection.close();
      return performance.now() - began;
    },
  };
})();
