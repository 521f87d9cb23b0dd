import { chmod, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { bundle, keepFolder } from '#base/kernel'

/** Loaded from their packages, when they are needed. The last two are parts of `pg` for other runtimes. */
const APART = ['esbuild', 'oidc-provider', 'postal-mime', 'pg-native', 'cloudflare:sockets']
/** What a file of CommonJS expects, and the place of a source. */
const BEFORE = [
  "import { createRequire as __createRequire } from 'node:module'",
  "import { dirname as __dirnameOf } from 'node:path'",
  "import { fileURLToPath as __pathOf } from 'node:url'",
  'const require = __createRequire(import.meta.url), __dirname = import.meta.dirname',
  'const __placeOf = (path) => new URL(path, import.meta.url).href',
  'const __folderOf = (url) => __dirnameOf(__pathOf(url))',
]

/**
 * Bundles the first source of a program and all that it loads, with maps to the sources: what is imported when it is needed is a file of its own. Programs and
 * threads of their own stay where they are.
 */
export async function buildProgram(root: string, main: string, file: string): Promise<void> {
  const sources = join(root, 'apps')
  await keepFolder(dirname(file), async (given) => {
    // Node knows files by their real paths, and the folder of packages may be a link.
    const draft = await realpath(given)
    const folder = join(dirname(draft), basename(dirname(file)))
    await bundle({
      entryPoints: [{ in: join(root, main), out: basename(file, '.mjs') }],
      outdir: draft,
      outExtension: { '.js': '.mjs' },
      splitting: true,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      minifyWhitespace: true,
      // Where an error is not caught, its line is printed.
      lineLimit: 160,
      legalComments: 'none',
      sourcemap: 'linked',
      sourcesContent: false,
      logLevel: 'silent',
      external: APART,
      banner: { js: BEFORE.join(';') },
      define: { 'import.meta.url': '__url', 'import.meta.dirname': '__folder' },
      plugins: [
        {
          name: 'places',
          setup(plugin) {
            plugin.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
              if (!path.startsWith(sources)) return undefined
              const text = await readFile(path, 'utf8')
              if (!text.includes('import.meta.')) return undefined
              const place = JSON.stringify(relative(folder, path))
              // In the first line, so that the others keep their numbers.
              const contents = `const __url = __placeOf(${place}), __folder = __folderOf(__url);${text}`
              return { loader: 'ts', contents }
            })
          },
        },
      ],
    })
    await escapeLetters(draft)
    // Whoever may read the sources may run it.
    await chmod(draft, 0o755)
  })
}

/** The bundler leaves letters beyond ASCII in regular expressions and in templates with a tag: one of them, and V8 keeps two bytes of each character of the file. */
async function escapeLetters(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.mjs')) continue
    const text = await readFile(join(folder, name), 'utf8')
    const escaped = text.replaceAll(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    if (escaped !== text) await writeFile(join(folder, name), escaped)
  }
}
