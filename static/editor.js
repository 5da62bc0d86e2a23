// The field for SQL: colours, Control and Enter to run it, a button that lays it out. Without this it is a plain field.
"use strict";

const field = document.getElementById("sql-editor");
if (field && window.CodeMirror) {
  const run = () => field.form.requestSubmit();
  const editor = CodeMirror.fromTextArea(field, { mode: "text/x-sql", lineWrapping: true, viewportMargin: Infinity });
  editor.setOption("extraKeys", { "Ctrl-Enter": run, "Cmd-Enter": run, "Shift-Enter": run, Tab: false, "Shift-Tab": false });
  editor.getInputField().setAttribute("aria-label", "SQL");
  const layOut = document.getElementById("sql-format");
  if (layOut && window.sqlFormatter) {
    layOut.hidden = false;
    layOut.addEventListener("click", () => editor.setValue(sqlFormatter.format(editor.getValue())));
  }
}
