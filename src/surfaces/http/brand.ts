const PATH = 'm12 1.5 3.1 7 7.6.7-5.7 5 1.7 7.4L12 17.7l-6.7 3.9L7 14.2l-5.7-5 7.6-.7z';

/** The star: what browsers show beside the title of a page. */
export const STAR = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#f5a524" d="${PATH}"/></svg>`;

/** The name with its star, on dark ground. */
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 40"><g fill="#fff" font-family="system-ui, sans-serif" font-size="26" font-weight="700">
<text x="0" y="30">S7</text><text x="62" y="30">ERP</text></g><path fill="#f5a524" transform="translate(36 8)" d="${PATH}"/></svg>`;
