import { Command } from 'commander'
import packageFile from '../package.json' with { type: 'json' }
import { accountsCommand } from './accounts.ts'
import { allowCommand } from './allow.ts'
import { botCommand } from './bot.ts'
import { clockCommand } from './clock.ts'
import { demoCommand } from './demo.ts'
import { deployCommand } from './deploy.ts'
import { devCommand } from './dev.ts'
import { doctorCommand } from './doctor.ts'
import { functionsCommand } from './functions.ts'
import { invocationsCommand } from './invocations.ts'
import { loginCommand, logoutCommand } from './login.ts'
import { logsCommand } from './logs.ts'
import { replayCommand } from './replay.ts'
import { runCommand } from './run.ts'
import { tailCommand } from './tail.ts'
import { triggerCommand } from './trigger.ts'
import { testCommand } from './test.ts'
import { trustCommand } from './trust.ts'
import { withCommand } from './with.ts'

const HELP = 'parley help shows all commands, parley help <command> one with examples'

/** The command line with all its commands. */
export function openProgram(): Command {
  const program = new Command('parley')
    .description('Functions that run when something happens in a customer conversation')
    .version(packageFile.version)
    .addHelpText(
      'after',
      `
Examples:
  parley demo                                 see a conversation that a function answers
  parley run hello.js                         run a function here, without a server
  parley dev                                  run a project: functions, conversations, mails
  parley deploy hello.js                      make it the one that is invoked
  parley logs --follow                        watch what functions say
  parley replay --last 50 --of hello --draft  what the draft would have done
  parley doctor                               what is wrong, and what to do
`,
    )
  for (const command of [
    runCommand(),
    testCommand(),
    demoCommand(),
    clockCommand(),
    devCommand(),
    triggerCommand(),
    tailCommand(),
    botCommand(),
    loginCommand(),
    logoutCommand(),
    functionsCommand(),
    deployCommand(),
    logsCommand(),
    invocationsCommand(),
    replayCommand(),
    allowCommand(),
    accountsCommand(),
    doctorCommand(),
    trustCommand(),
    withCommand(),
  ]) {
    program.addCommand(command)
  }
  showHelpAfterErrors(program)
  return program
}

/** A command that is added inherits nothing. */
function showHelpAfterErrors(command: Command): void {
  command.showHelpAfterError(HELP)
  for (const one of command.commands) showHelpAfterErrors(one)
}
