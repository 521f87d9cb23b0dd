import { call, RequestError, type Session } from '@parley/client'
import {
  createFunction,
  deployFunction,
  type FunctionDetail,
  listFunctions,
  updateFunction,
} from '@parley/contract'
import type { Project } from '@parley/server/local-run'
import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { callersFolder } from './folders.ts'
import { openSession, withServer } from './session/open-session.ts'

interface DeployOptions extends ConnectionOptions {
  name?: string
  event?: string
  skill: string[]
}

/** Saves a function as it is on disk, and makes it the one that is invoked. */
export function deployCommand(): Command {
  return withServer(new Command('deploy').description('save a function and deploy it'))
    .argument('<path>', 'a .js or .ts file, or a folder with index.js or index.ts')
    .option(
      '--name <name>',
      'name of the function (default: that of config.json, the folder or the file)',
    )
    .option('--event <id>', 'event of a new function (default: that of config.json, or none)')
    .option('--skill <id...>', 'skills of the function (default: all)', [])
    .addHelpText(
      'after',
      `
Examples:
  parley deploy hello.js --event controllerbot_messaging_new_conversation
  parley deploy functions/hello
`,
    )
    .action(async (path: string, options: DeployOptions) => {
      const { findProject } = await import('@parley/server/local-run')
      const project = await findProject(path, callersFolder())
      const session = await openSession(options)
      const saved = await save(session, project, options)
      for (const { message, line, column } of saved.warnings) {
        const at = line === undefined ? '' : `:${line}:${column ?? 1}`
        process.stderr.write(`Warning: ${project.file}${at}: ${message}\n`)
      }
      const params = { functionId: saved.functionId }
      const { version, name } = await inSource(project, () =>
        call(session, deployFunction, { params }),
      )
      process.stdout.write(
        `${saved.name} is deployed: version ${version}, deployment ${name}, ${saved.eventId ?? 'no event'}\n`,
      )
    })
}

async function save(
  session: Session,
  project: Project,
  options: DeployOptions,
): Promise<FunctionDetail> {
  const name = options.name ?? project.name.replaceAll(/\W/g, '_')
  const { functions } = await call(session, listFunctions, { query: { name } })
  const found = functions.find((one) => one.name === name)
  const environment = project.config.environmentVariables.filter(({ key }) => key !== '')
  const { code, language } = project
  const content = { code, environment, ...(language && { language }) }
  const skills = options.skill.length > 0 ? { skills: options.skill } : {}
  if (found) {
    const params = { functionId: found.functionId }
    const body = { ...content, ...skills }
    return inSource(project, () => call(session, updateFunction, { params, body }))
  }
  const { eventIdOf } = await import('@parley/server/local-run')
  const eventId = eventIdOf(options.event ?? project.config.event)
  const description = project.config.description || name
  const body = { name, description, ...content, ...skills, ...(eventId && { eventId }) }
  return inSource(project, () => call(session, createFunction, { body }))
}

/** A refusal that names a line gets the file before it. */
async function inSource<T>({ file }: Project, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof RequestError && /\(line \d+/.test(error.message)) {
      throw new Error(`${file}: ${reasonOf(error)}`, { cause: error })
    }
    throw error
  }
}

/** The sentence of the server, without the envelope. */
export function reasonOf({ body, message }: RequestError): string {
  const text = (body as { error?: { message?: unknown } } | undefined)?.error?.message
  return typeof text === 'string' ? text : message
}
