import { Command } from 'commander'
import { botCheckCommand } from './bot-check.ts'
import { botTalkCommand } from './bot-talk.ts'

/** Bots of Conversation Builder, as their exports have them. */
export function botCommand(): Command {
  return new Command('bot')
    .description('check a Conversation Builder export, or talk to it, without a server')
    .addHelpText(
      'after',
      '\nExamples:\n  parley bot check pizza.json\n  parley bot talk pizza.json\n',
    )
    .addCommand(botCheckCommand())
    .addCommand(botTalkCommand())
}
