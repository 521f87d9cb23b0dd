import { spoken } from '../../studio/words/index.ts'

/** What is said of a transfer, and of whom it is for. */
export const transferWords = spoken({
  en: {
    title: 'Transfer this conversation',
    skill: 'Skill',
    agent: 'Agent',
    anyAgent: 'Any agent of the skill',
    bot: 'Bot',
    offline: 'Offline',
    queue: (online: number, waiting: number) =>
      `${online === 0 ? 'Nobody' : online} online, ${waiting} waiting`,
    toSkill: 'It leaves your list and is offered to agents of this skill.',
    toNobody: 'Nobody else with this skill is online: it waits until somebody is.',
    toAgent: (name: string) =>
      `It leaves your list and is offered to ${name} first, then to all agents of the skill.`,
    toAbsent: (name: string, state: string) =>
      `${name} cannot take it now (${state}): it waits for ${name} for some minutes, then for all agents of the skill.`,
  },
  de: {
    title: 'Dieses Gespräch übergeben',
    skill: 'Skill',
    agent: 'Agent',
    anyAgent: 'Jeder Agent des Skills',
    bot: 'Bot',
    offline: 'Offline',
    queue: (online, waiting) => `${online === 0 ? 'niemand' : online} bereit, ${waiting} wartend`,
    toSkill: 'Es verlässt Ihre Liste und wird Agenten dieses Skills angeboten.',
    toNobody: 'Niemand sonst mit diesem Skill ist bereit: Es wartet, bis jemand da ist.',
    toAgent: (name) =>
      `Es verlässt Ihre Liste und wird zuerst ${name} angeboten, dann allen Agenten des Skills.`,
    toAbsent: (name, state) =>
      `${name} kann es jetzt nicht annehmen (${state}): Es wartet einige Minuten auf ${name}, dann auf alle Agenten des Skills.`,
  },
})
