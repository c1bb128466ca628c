/* The other half of components/markup.py: an element whose content came as markup, escaped on the server. */
window.timerett_markup = {
  Markup: function (props) {
    return window.React.createElement(
      props.tag,
      Object.assign({}, props.attributes, { dangerouslySetInnerHTML: { __html: props.content } })
    );
  },
};
