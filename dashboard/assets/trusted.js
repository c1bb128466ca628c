/* Read first. Text may become markup only as the frame and our own components hand it over, a script's address only
   when it is our own host's, and text never becomes a script. */
if (window.trustedTypes) {
  const own = (address) => {
    if (new URL(address, window.location.href).origin !== window.location.origin) throw new TypeError(address);
    return address;
  };
  window.trustedTypes.createPolicy("default", { createHTML: (markup) => markup, createScriptURL: own });
}
