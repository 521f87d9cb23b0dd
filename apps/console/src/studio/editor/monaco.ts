import 'monaco-editor/features/register.all.js'
import 'monaco-editor/languages/features/json/register.js'
import 'monaco-editor/languages/definitions/javascript/register.js'
import 'monaco-editor/languages/definitions/typescript/register.js'
import * as typescript from 'monaco-editor/languages/features/typescript/register.js'
import * as monaco from 'monaco-editor/editor/editor.api.js'
import { noteOf } from '../page-notes.ts'
import { isDark } from '../shell/theme.ts'

/** The code editor, which only some pages load. Its workers are scripts of this server. */
self.MonacoEnvironment = {
  getWorker: (_, label) => {
    if (label === 'typescript' || label === 'javascript')
      return new Worker(noteOf('typescript-worker'))
    return new Worker(noteOf(label === 'json' ? 'json-worker' : 'editor-worker'))
  },
}

/** Types are checked by the server, which knows the event's payload and the toolbelt: here only what is no language at all. */
for (const defaults of [typescript.javascriptDefaults, typescript.typescriptDefaults]) {
  defaults.setDiagnosticsOptions({ noSemanticValidation: true, noSuggestionDiagnostics: true })
  defaults.setCompilerOptions({
    target: typescript.ScriptTarget.ESNext,
    allowNonTsExtensions: true,
    allowJs: true,
    lib: ['esnext'],
  })
}

const look = (): string => {
  if (matchMedia('(forced-colors: active)').matches) return isDark() ? 'hc-black' : 'hc-light'
  return isDark() ? 'vs-dark' : 'vs'
}
monaco.editor.setTheme(look())
addEventListener('parley-theme', () => monaco.editor.setTheme(look()))
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
  monaco.editor.setTheme(look()),
)

export { monaco }
