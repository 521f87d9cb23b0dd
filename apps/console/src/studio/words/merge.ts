import { counted } from './counted.ts'
import { spoken } from './index.ts'

/** What is said where two people have written at the same time. */
export const mergeWords = spoken({
  en: {
    title: 'Somebody else has saved',
    text: (who: string, theirs: number, base: number) =>
      `${who} saved version ${theirs} while you were writing. You both began with version ${base}. Nothing of yours is lost.`,
    count: (all: number, open: number) =>
      open === 0
        ? `${counted(all, 'place', 'places')} where the sources differ; nothing is left to decide.`
        : `${counted(all, 'place', 'places')} where the sources differ; ${open} to be decided by you.`,
    noBase: 'The version that both began with is not kept any more: one of the two must go.',
    place: (line: number) => `From line ${line}`,
    who: {
      theirs: 'Only changed by them',
      mine: 'Only changed by you',
      same: 'Both made the same change',
      open: 'Both have changed it',
    },
    sides: { base: 'Before', theirs: 'Theirs', mine: 'Yours', both: 'Theirs, then yours' },
    nothing: 'nothing here',
    result: 'What will be saved, beside theirs',
    merged: 'Merged',
    yours: 'Your work',
    takeTheirs: 'Take theirs',
    takeMine: 'Save mine as the newest',
    save: 'Save both together',
  },
  de: {
    title: 'Jemand anders hat gespeichert',
    text: (who: string, theirs: number, base: number) =>
      `${who} hat Version ${theirs} gespeichert, während Sie geschrieben haben. Beide haben mit Version ${base} begonnen. Von Ihrer Arbeit geht nichts verloren.`,
    count: (all: number, open: number) =>
      open === 0
        ? `${counted(all, 'Stelle', 'Stellen', 'de')}, ${all === 1 ? 'an der' : 'an denen'} sich die Quelltexte unterscheiden; nichts bleibt zu entscheiden.`
        : `${counted(all, 'Stelle', 'Stellen', 'de')}, ${all === 1 ? 'an der' : 'an denen'} sich die Quelltexte unterscheiden; ${open} entscheiden Sie.`,
    noBase:
      'Die Version, mit der beide begonnen haben, wird nicht mehr aufbewahrt: Eine von beiden muss weichen.',
    place: (line: number) => `Ab Zeile ${line}`,
    who: {
      theirs: 'Nur die andere Seite hat das geändert',
      mine: 'Nur Sie haben das geändert',
      same: 'Beide haben dasselbe geändert',
      open: 'Beide haben das geändert',
    },
    sides: { base: 'Vorher', theirs: 'Die andere', mine: 'Ihre', both: 'Die andere, dann Ihre' },
    nothing: 'hier ist nichts',
    result: 'Was gespeichert wird, neben der anderen',
    merged: 'Zusammengeführt',
    yours: 'Ihre Arbeit',
    takeTheirs: 'Die andere nehmen',
    takeMine: 'Meine als neueste speichern',
    save: 'Beide zusammen speichern',
  },
})
