import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { AllowedHost, ScheduleDraft } from '@parley/contract'
import * as z from 'zod'
import { readGivenFile, withoutMark } from '#base/kernel'

const KeyValue = z.object({ key: z.string(), value: z.string() })

const ProjectSchedule = ScheduleDraft.omit({ functionId: true })

/** `config.json` of a project folder of the published command line (`spec/platform.md` 14). */
const ProjectConfig = z.preprocess(
  withoutNullMembers,
  z.looseObject({
    name: z.string().optional(),
    event: z.string().optional(),
    description: z.string().optional(),
    input: z.looseObject({ payload: z.unknown() }).optional(),
    environmentVariables: z.array(KeyValue).optional(),
    /** Parley's own: skills that the function is for, all when empty. */
    skills: z.array(z.string().min(1)).optional(),
    /** Parley's own: when it runs by the clock. */
    schedules: z.array(ProjectSchedule).default([]),
  }),
)

/** `settings.json` beside the folders of the functions. */
const ProjectSettings = z.looseObject({
  secrets: z
    .array(z.object({ key: z.string(), value: z.unknown() }))
    .default([])
    // `lpf init` writes a secret without a name, to be filled in.
    .transform((secrets) => secrets.filter(({ key }) => key !== '')),
  whitelist: z.array(AllowedHost).default([]),
})
export type ProjectSettings = z.infer<typeof ProjectSettings>

/** One function on the author's disk, with what stands beside it. */
export interface Project {
  name: string
  /** The name of the source, such as `index.ts`. */
  file: string
  /** Absent when the source itself tells. */
  language: 'typescript' | undefined
  code: string
  config: z.infer<typeof ProjectConfig>
  settings: ProjectSettings
}

const SOURCES = ['index.js', 'index.ts']

/**
 * Reads a function: a source file, or a folder with `index.js` or `index.ts`. `config.json` stands beside the source,
 * `settings.json` beside it or one folder above; both may be missing.
 * @param path relative to `from`
 * @throws an `Error` that names the file, and the folder in which it was looked for
 */
export async function findProject(path: string, from: string): Promise<Project> {
  const source = await findSource(resolve(from, path), path, from)
  const [folder, file] = [dirname(source), basename(source)]
  if (!/\.[cm]?[jt]s$/.test(file)) throw new Error(`${source}: a function is a .js or .ts file`)
  const code = readGivenFile(source)
  // A file of any other name may stand anywhere: what is beside it need not be about it.
  const isProject = SOURCES.includes(file)
  const config = isProject ? await read(ProjectConfig, join(folder, 'config.json')) : undefined
  const settings =
    (await findSettings(folder)) ?? (isProject ? await findSettings(join(folder, '..')) : undefined)
  return {
    name: config?.name ?? (isProject ? basename(folder) : basename(file, extname(file))),
    file,
    language: file.endsWith('ts') ? 'typescript' : undefined,
    code,
    config: config ?? ProjectConfig.parse({}),
    settings: settings ?? ProjectSettings.parse({}),
  }
}

/** `settings.json` of a folder; `undefined` when there is none. */
export function findSettings(folder: string): Promise<ProjectSettings | undefined> {
  return read(ProjectSettings, join(folder, 'settings.json'))
}

async function findSource(given: string, path: string, from: string): Promise<string> {
  const found = await stat(given).catch(absent)
  if (!found) throw new Error(`There is no "${path}" in ${from}`)
  if (!found.isDirectory()) return given
  for (const name of SOURCES) {
    if (await stat(join(given, name)).catch(absent)) return join(given, name)
  }
  throw new Error(`There is no ${SOURCES.join(' and no ')} in ${given}`)
}

/** `lpf init` writes `null` for the event, and for a name and a description that nobody has given. */
function withoutNullMembers(config: unknown): unknown {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return config
  return Object.fromEntries(Object.entries(config).filter(([, member]) => member !== null))
}

function absent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw error
}

async function read<T>(schema: z.ZodType<T>, file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(absent)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(withoutMark(text))
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${String(cause)}`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
}
