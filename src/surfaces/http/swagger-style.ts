/** What Swagger UI looks like here beside its own style: it is made for a desk, and has no width of a phone in mind. */
export const SWAGGER_STYLE = `
/* The box to load another document: the policy would not let it. */
.swagger-ui .topbar .download-url-wrapper {
  display: none;
}
.swagger-ui .topbar-wrapper {
  justify-content: space-between;
}
@media (max-width: 640px) {
  .swagger-ui .wrapper {
    padding: 0 12px;
  }
  .swagger-ui .topbar .topbar-wrapper {
    flex-direction: row;
    align-items: center;
  }
  .swagger-ui .information-container {
    padding: 0 12px;
  }
  .swagger-ui .info {
    margin: 20px 0;
  }
  .swagger-ui .info .title {
    font-size: 26px;
    overflow-wrap: anywhere;
  }
  .swagger-ui .scheme-container {
    padding: 12px 0;
    margin: 0;
  }
  .swagger-ui .opblock-tag {
    padding: 10px 0;
  }
  /* An operation: its method and its path in one line, what it is for below them, and all of it to be touched. */
  .swagger-ui .opblock .opblock-summary {
    padding: 4px;
  }
  .swagger-ui .opblock .opblock-summary-control {
    flex: 1;
    flex-wrap: wrap;
    align-items: center;
    row-gap: 2px;
    min-height: 44px;
    min-width: 0;
  }
  .swagger-ui .opblock .opblock-summary-method {
    min-width: 52px;
    padding: 6px 0;
    font-size: 12px;
  }
  .swagger-ui .opblock .opblock-summary-path-description-wrapper {
    flex: 1;
    flex-direction: column;
    align-items: flex-start;
    gap: 2px;
    padding: 0 8px;
    min-width: 0;
  }
  .swagger-ui .opblock .opblock-summary-path {
    max-width: 100%;
    font-size: 13px;
    overflow-wrap: anywhere;
    word-break: normal;
  }
  .swagger-ui .opblock .opblock-summary-path .nostyle span {
    overflow-wrap: anywhere;
  }
  .swagger-ui .opblock .opblock-summary-description {
    font-size: 13px;
    text-align: left;
  }
  .swagger-ui .opblock-summary .view-line-link {
    display: none;
  }
  .swagger-ui .authorization__btn,
  .swagger-ui .opblock-control-arrow,
  .swagger-ui .expand-operation {
    min-width: 36px;
    min-height: 44px;
  }
  .swagger-ui .opblock-section-header {
    padding: 8px 12px;
    min-height: 44px;
    flex-wrap: wrap;
    gap: 8px;
  }
  .swagger-ui .table-container,
  .swagger-ui .responses-inner,
  .swagger-ui .opblock-description-wrapper {
    padding: 12px;
  }
  /* A parameter or an answer: its name above what it is, each as wide as the screen. */
  .swagger-ui table.parameters,
  .swagger-ui table.responses-table,
  .swagger-ui table.parameters > tbody,
  .swagger-ui table.responses-table > tbody,
  .swagger-ui table.parameters > tbody > tr,
  .swagger-ui table.responses-table > tbody > tr,
  .swagger-ui table.parameters > tbody > tr > td,
  .swagger-ui table.responses-table > tbody > tr > td {
    display: block;
    width: 100%;
    max-width: none;
    padding: 4px 0;
    min-width: 0;
  }
  .swagger-ui table.parameters > thead,
  .swagger-ui table.responses-table > thead {
    display: none;
  }
  .swagger-ui table.parameters > tbody > tr,
  .swagger-ui table.responses-table > tbody > tr {
    padding: 8px 0;
    border-bottom: 1px solid #3b41511a;
  }
  .swagger-ui .parameters-col_description input[type='text'],
  .swagger-ui .parameters-col_description select,
  .swagger-ui select,
  .swagger-ui input[type='file'],
  .swagger-ui textarea {
    width: 100%;
    max-width: 100%;
    min-width: 0;
  }
  .swagger-ui input[type='text'],
  .swagger-ui select,
  .swagger-ui .btn,
  .swagger-ui .tablinks,
  .swagger-ui .models-control,
  .swagger-ui .topbar a {
    min-height: 44px;
    font-size: 16px;
  }
  .swagger-ui .execute-wrapper,
  .swagger-ui .btn-group {
    padding: 12px;
  }
  .swagger-ui .curl-command pre,
  .swagger-ui .highlight-code pre,
  .swagger-ui .microlight {
    max-width: 100%;
    overflow-x: auto;
    font-size: 12px;
  }
  .swagger-ui section.models .models-jsonschema,
  .swagger-ui section.models > div {
    margin: 0;
    padding: 0 8px;
  }
  .swagger-ui section.models .json-schema-2020-12:not(.json-schema-2020-12--embedded) {
    margin: 0 0 8px;
    padding: 8px;
  }
  .swagger-ui .json-schema-2020-12-accordion,
  .swagger-ui .json-schema-2020-12-expand-deep-button {
    min-height: 36px;
    overflow-wrap: anywhere;
  }
  .swagger-ui .json-schema-2020-12-property {
    margin: 4px 0;
    padding-left: 4px;
    overflow-wrap: anywhere;
  }
}
`;
