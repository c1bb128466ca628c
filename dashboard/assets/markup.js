/* The other half of components/markup.py: an element whose content came as markup, escaped on the server.

   The content security policy lets no style attribute in markup take effect, so what the server measured (the
   length of a bar) comes as data and is set here, before the browser paints. */
(function () {
  "use strict";

  function measure(element) {
    if (!element) return;
    element.querySelectorAll("[data-style]").forEach((part) => {
      part.style.cssText = part.dataset.style;
    });
  }

  window.timerett_markup = {
    Markup: function (props) {
      return window.React.createElement(
        props.tag,
        Object.assign({}, props.attributes, {
          ref: (element) => measure(element),
          dangerouslySetInnerHTML: { __html: props.content },
        })
      );
    },
  };
})();
