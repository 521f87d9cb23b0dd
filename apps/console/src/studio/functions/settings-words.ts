import { spoken } from '../words/index.ts'

/** What is said of what a function is called, and of whose conversations it answers. */
export const settingsWords = spoken({
  en: {
    open: (name: string) => `Name and skills of ${name}`,
    title: (name: string) => `Settings of ${name}`,
    save: 'Save the settings',
    saved: 'The settings are saved.',
    nameHint: 'Who calls it by its name has to use the new one.',
    language: 'Language of the source',
    environment: 'Environment',
    skills: 'Skills',
    skillsHint: 'It answers in conversations of these skills; with none chosen, in all others.',
    atOnce: 'Skills are in force at once, without a deployment.',
    noSkills: 'The account has no skills.',
    noSkillsOfEvent: 'Its event does not distinguish skills.',
    deleteTitle: (name: string) => `Delete the function ${name}?`,
    deleteText:
      'Its versions, schedules and saved inputs go with it, and cannot be brought back. What has run stays in the list of runs.',
  },
  de: {
    open: (name: string) => `Name und Skills von ${name}`,
    title: (name: string) => `Einstellungen von ${name}`,
    save: 'Einstellungen speichern',
    saved: 'Die Einstellungen sind gespeichert.',
    nameHint: 'Wer sie mit ihrem Namen aufruft, muss den neuen verwenden.',
    language: 'Sprache des Quelltexts',
    environment: 'Umgebung',
    skills: 'Skills',
    skillsHint: 'Sie antwortet in Gesprächen dieser Skills; ist keiner gewählt, in allen anderen.',
    atOnce: 'Skills gelten sofort, ohne Ausrollen.',
    noSkills: 'Das Konto hat keine Skills.',
    noSkillsOfEvent: 'Ihr Ereignis unterscheidet keine Skills.',
    deleteTitle: (name: string) => `Die Funktion ${name} löschen?`,
    deleteText:
      'Ihre Versionen, Zeitpläne und gespeicherten Eingaben gehen mit ihr und kommen nicht wieder. Was gelaufen ist, bleibt in der Liste der Läufe.',
  },
})
