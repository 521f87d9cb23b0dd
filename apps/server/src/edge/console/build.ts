import { dirname } from 'node:path'
import { basename } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { BuildOptions, Metafile, Plugin } from 'esbuild'
import { bundle } from '#base/kernel'

const compress = promisify(gzip)

/** The names of what a page itself loads. */
export interface PageNames {
  script: string
  style: string
}

/** The pages, and what the editor starts beside its own. */
export interface ConsoleNames {
  studio: PageNames
  workspace: PageNames
  workers: { editor: string; typescript: string; json: string }
}

/** Everything that the console loads, under names that change with their content; compressed by gzip. */
export interface ConsoleFiles {
  names: ConsoleNames
  gzipped: ReadonlyMap<string, Buffer>
}

const MAIN = fileURLToPath(import.meta.resolve('@parley/console/studio'))
const WORKSPACE = fileURLToPath(import.meta.resolve('@parley/console/workspace'))
const WORKERS = ['editor', 'typescript', 'json'] as const

/** The checks of replies need no messages in fifty languages. */
const withoutLanguages: Plugin = {
  name: 'without-languages',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
      resolveDir: dirname(fileURLToPath(import.meta.resolve('zod/v4/locales/en.js'))),
    }))
  },
}

/** The server refuses the passwords that leak most, and the page says so at the field: their list is a hundredth of what it loads first. */
const withoutPasswords: Plugin = {
  name: 'without-passwords',
  setup({ onLoad }) {
    onLoad({ filter: /contract[\\/]src[\\/]common-passwords\.ts$/ }, () => ({
      contents: 'export const COMMON_PASSWORDS = new Set()',
    }))
  },
}

/** Every schema can become a JSON schema, which no page asks for: that would be 6 KB of what the console loads first. */
const withoutJsonSchemas: Plugin = {
  name: 'without-json-schemas',
  setup({ onLoad }) {
    onLoad(
      {
        filter: /zod[\\/]v4[\\/]core[\\/](json-schema-(generator|processors)|to-json-schema)\.js$/,
      },
      () => ({
        contents: `const none = () => undefined
export { ${JSON_SCHEMA_PARTS.map((name) => `none as ${name}`).join(', ')} }`,
      }),
    )
  },
}

const JSON_SCHEMA_PARTS = [
  'createStandardJSONSchemaMethod',
  'createToJSONSchemaMethod',
  'JSONSchemaGenerator',
  'toJSONSchema',
]

const common = {
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  target: 'es2022',
  legalComments: 'none',
  outdir: '/console',
  absWorkingDir: dirname(MAIN),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"' },
} as const satisfies BuildOptions

/** Makes the console from its sources: there is no build step to forget. Takes a few seconds. */
export async function buildConsole(): Promise<ConsoleFiles> {
  const [pages, ...workers] = await Promise.all([
    bundle({
      ...common,
      // In one go: what both need is loaded once.
      entryPoints: { console: MAIN, workspace: WORKSPACE },
      format: 'esm',
      splitting: true,
      jsx: 'automatic',
      jsxImportSource: 'react',
      loader: { '.ttf': 'file' },
      plugins: [withoutLanguages, withoutPasswords, withoutJsonSchemas],
    }),
    ...WORKERS.map((name) =>
      bundle({
        ...common,
        entryPoints: {
          [`${name}-worker`]: fileURLToPath(
            import.meta.resolve(`@parley/console/studio/workers/${name}`),
          ),
        },
        format: 'iife',
      }),
    ),
  ])
  const gzipped = new Map<string, Buffer>()
  await Promise.all(
    [pages, ...workers]
      .flatMap(({ outputFiles }) => outputFiles)
      .map(async ({ path, contents }) => {
        gzipped.set(basename(path), await compress(contents, { level: 9 }))
      }),
  )
  const [editor = '', typescript = '', json = ''] = workers.map(
    ({ metafile }, index) => entryOf(metafile, `${WORKERS[index]}-worker`).script,
  )
  const studio = entryOf(pages.metafile, 'console')
  const workspace = entryOf(pages.metafile, 'workspace')
  return { names: { studio, workspace, workers: { editor, typescript, json } }, gzipped }
}

/** What the entry of this name, not a part that is loaded later, was made to. */
function entryOf({ outputs }: Metafile, name: string): PageNames {
  const [first] = Object.entries(outputs).filter(
    ([path, { entryPoint }]) =>
      entryPoint !== undefined && path.endsWith('.js') && basename(path).startsWith(`${name}-`),
  )
  if (!first) throw new Error(`The console was built without its entry "${name}"`)
  const [path, { cssBundle = '' }] = first
  return { script: basename(path), style: basename(cssBundle) }
}
