// The compiler's and eslint's whole check, as `npm run typecheck` and `npm run lint` do one after
// the other: here both ask one program, so every type is worked out once.
import { join } from "node:path";

import { ESLint } from "eslint";
import ts from "typescript";

const folder = join(import.meta.dirname, "..");
const program = compiled(join(folder, "tsconfig.json"));
const mistakes = ts.getPreEmitDiagnostics(program);
process.stdout.write(ts.formatDiagnostics(mistakes, ts.createCompilerHost({})));

const eslint = new ESLint({ cwd: folder, overrideConfig: [typesOf(program)] });
const results = await eslint.lintFiles(["."]);
const formatter = await eslint.loadFormatter("stylish");
process.stdout.write(await formatter.format(results));

const finds = ({ errorCount, warningCount }) => errorCount + warningCount > 0;
process.exitCode = mistakes.length > 0 || results.some(finds) ? 1 : 0;

/** What `tsc --noEmit` would compile. eslint wants to know of each piece where it stands. */
function compiled(config) {
  const { options, fileNames, errors } = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: refused,
  });
  errors.forEach(refused);
  return ts.createProgram(fileNames, options, ts.createCompilerHost(options, true));
}

function refused({ messageText }) {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Rules that need types ask this program instead of one of their own. */
function typesOf(program) {
  return {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: false, programs: [program] } },
  };
}
