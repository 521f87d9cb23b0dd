import { call } from '@parley/client'
import { deployFunction } from '@parley/contract'
import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { callersFolder } from './folders.ts'
import { inSource, saveFunction } from './save-function.ts'
import { openSession, withServer } from './session/open-session.ts'
import { writeNote, writeOut } from './visible.ts'

interface DeployOptions extends ConnectionOptions {
  name?: string
  event?: string
  skill?: string[]
  draft?: boolean
}

/** Saves a function as it is on disk, and makes it the one that is invoked. */
export function deployCommand(): Command {
  return withServer(new Command('deploy').description('save a function and deploy it'))
    .argument('<path>', 'a .js or .ts file, or a folder with index.js or index.ts')
    .option(
      '--name <name>',
      'name of the function (default: that of config.json, the folder or the file)',
    )
    .option(
      '--event <id>',
      'event of a new function, which cannot change later (default: that of config.json, or none)',
    )
    .option(
      '--skill <id...>',
      'skills of the function (default: those of config.json, or as they are; of a new one all)',
    )
    .option('--draft', 'save it as the draft, and deploy nothing')
    .addHelpText(
      'after',
      `
Examples:
  parley deploy hello.js --event controllerbot_messaging_new_conversation
  parley deploy functions/hello
  parley deploy hello.js --draft
`,
    )
    .action(async (path: string, options: DeployOptions) => {
      const { findProject } = await import('@parley/server/local-project')
      const project = await findProject(path, callersFolder())
      const session = await openSession(options)
      const { name, event, skill: skills } = options
      const saved = await saveFunction(session, project, { name, event, skills })
      for (const { message, line, column } of saved.warnings) {
        const at = line === undefined ? '' : `:${line}:${column ?? 1}`
        writeNote(`Warning: ${project.file}${at}: ${message}\n`)
      }
      if (options.draft) {
        writeOut(`${saved.name} is saved: version ${saved.version}, not deployed\n`)
        return
      }
      const params = { functionId: saved.functionId }
      const { version, name: deployment } = await inSource(project, () =>
        // A colleague may have saved another version meanwhile, which nobody has asked to deploy.
        call(session, deployFunction, { params, query: { version: saved.version } }),
      )
      writeOut(
        `${saved.name} is deployed: version ${version}, deployment ${deployment}, ${saved.eventId ?? 'no event'}\n`,
      )
    })
}
