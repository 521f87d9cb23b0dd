import 'monaco-editor/features/register.all.js'
import 'monaco-editor/languages/features/json/register.js'
import 'monaco-editor/languages/definitions/javascript/register.js'
import 'monaco-editor/languages/definitions/typescript/register.js'
import * as typescript from 'monaco-editor/languages/features/typescript/register.js'
import * as monaco from 'monaco-editor/editor/editor.api.js'
import { noteOf } from '../page-notes.ts'
import { isDark, wantsContrast } from '../shell/theme.ts'
import { completeSnippets } from './complete-snippets.ts'

/** The code editor, which only some pages load. Its workers are scripts of this server. */
self.MonacoEnvironment = {
  getWorker: (_, label) => {
    if (label === 'typescript' || label === 'javascript')
      return new Worker(noteOf('typescript-worker'))
    return new Worker(noteOf(label === 'json' ? 'json-worker' : 'editor-worker'))
  },
}

/**
 * The types of TypeScript, and of JavaScript that asks for it, are checked by the server: here only what is no language at all, and
 * in JavaScript members that do not exist. The options are the server's.
 */
const LANGUAGES = [
  [typescript.javascriptDefaults, true],
  [typescript.typescriptDefaults, false],
] as const
for (const [defaults, isJavaScript] of LANGUAGES) {
  defaults.setDiagnosticsOptions({
    noSemanticValidation: !isJavaScript,
    noSuggestionDiagnostics: true,
  })
  defaults.setCompilerOptions({
    target: typescript.ScriptTarget.ESNext,
    module: typescript.ModuleKind.ESNext,
    /** Every source is a module, whatever it has: two that are open share no names. */
    moduleDetection: 3,
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: [],
    strict: true,
    /** The server leaves out what this finds: with it `const mails = []` gets its type from what is pushed later. */
    noImplicitAny: !isJavaScript,
    useUnknownInCatchVariables: false,
    allowNonTsExtensions: true,
    allowJs: isJavaScript,
    checkJs: isJavaScript,
  })
}

completeSnippets()

/** Declares what sources find around them. */
export function declareTypes(files: readonly { name: string; text: string }[]): void {
  const libraries = files.map(({ name, text }) => ({ content: text, filePath: `ts:${name}` }))
  for (const [defaults] of LANGUAGES) defaults.setExtraLibs(libraries)
}

// What was removed and added stays readable in the colours of the language.
monaco.editor.defineTheme('parley-light', {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'annotation', foreground: '5a5a5a' },
    { token: 'comment', foreground: '0b5d0b' },
    { token: 'invalid', foreground: 'a01818' },
    { token: 'keyword.flow', foreground: '8a00b0' },
    { token: 'number', foreground: '0a5f42' },
    { token: 'string', foreground: '8a1010' },
    { token: 'type', foreground: '005f6b' },
  ],
  colors: {
    'diffEditor.insertedLineBackground': '#e6f4ea',
    'diffEditor.insertedTextBackground': '#11632912',
    'diffEditor.removedLineBackground': '#fdeceb',
    'diffEditor.removedTextBackground': '#b3261e12',
  },
})
monaco.editor.defineTheme('parley-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [
    { token: 'annotation', foreground: 'e59a9a' },
    { token: 'comment', foreground: '9ccc8f' },
    { token: 'invalid', foreground: 'ff9a92' },
    { token: 'keyword', foreground: '8ec2ff' },
    { token: 'keyword.flow', foreground: 'dda6d8' },
    { token: 'number.hex', foreground: '7fd0b4' },
    { token: 'regexp', foreground: 'e0a0c8' },
    { token: 'string', foreground: 'ffc9a3' },
  ],
  colors: {
    'diffEditor.insertedLineBackground': '#12301c',
    'diffEditor.insertedTextBackground': '#6fdc8c14',
    'diffEditor.removedLineBackground': '#3b1512',
    'diffEditor.removedTextBackground': '#ffb4ab14',
  },
})

const look = (): string => {
  if (wantsContrast() || matchMedia('(forced-colors: active)').matches)
    return isDark() ? 'hc-black' : 'hc-light'
  return isDark() ? 'parley-dark' : 'parley-light'
}
monaco.editor.setTheme(look())
addEventListener('parley-theme', () => monaco.editor.setTheme(look()))
for (const media of [
  'prefers-color-scheme: dark',
  'prefers-contrast: more',
  'forced-colors: active',
]) {
  matchMedia(`(${media})`).addEventListener('change', () => monaco.editor.setTheme(look()))
}

export { monaco }
