import { Command, Option } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { callersFolder } from './folders.ts'
import { openSession, withServer } from './session/open-session.ts'
import { writeOut } from './visible.ts'

interface TestOptions extends ConnectionOptions {
  watch?: boolean
  junit?: string
  from?: string
  schema?: boolean
}

/** Runs scenarios of conversations against the functions of a project, in a world of its own. */
export function testCommand(): Command {
  return withServer(
    new Command('test').description(
      'run scenarios of conversations against the functions of a project',
    ),
  )
    .argument(
      '[files...]',
      'scenario files or folders (default: all *.scenario.yaml and *.scenario.ts here)',
    )
    .option('--watch', 'run them again when a function or a scenario is saved')
    .option('--junit <file>', 'write a report in the form of JUnit')
    .option('--from <conversation>', 'print a scenario made of a conversation of a running server')
    .addOption(new Option('--schema', 'print the JSON schema of scenario files').conflicts('from'))
    .addHelpText(
      'after',
      `
The functions of the project folder run in a Parley of their own, whose clock moves by itself: waiting takes no time. --url and --data say
where the conversation of --from is.

Examples:
  parley test                                    all scenarios of this folder
  parley test tests/idle.scenario.yaml --watch
  parley test --junit report.xml
  parley test --from 2f8c… > late.scenario.yaml   make a scenario of a conversation
  parley test --schema > scenario.schema.json     for the editor
`,
    )
    .action(async (files: string[], options: TestOptions) => {
      if (options.schema) {
        const { scenarioJsonSchema } = await import('./scenarios/schema.ts')
        writeOut(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`)
        return
      }
      if (options.from !== undefined) {
        const { scenarioFrom } = await import('./scenarios/from-conversation.ts')
        writeOut(await scenarioFrom(await openSession(options), options.from))
        return
      }
      const { runTests } = await import('./scenarios/run-tests.ts')
      process.exitCode = await runTests(files, { ...options, from: callersFolder() })
    })
}
