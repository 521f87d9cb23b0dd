import { told, type Told } from './told.ts'

const ACTIVITIES: Told = [
  ['Lambda Create', 'Funktion angelegt'],
  ['Lambda Update', 'Funktion'],
  ['Lambda Delete', 'Funktion gelöscht'],
  ['Schedule Create', 'Zeitplan angelegt'],
  ['Schedule Update', 'Zeitplan geändert'],
  ['Schedule Delete', 'Zeitplan gelöscht'],
  ['Secret Create', 'Geheimnis angelegt'],
  ['Secret Update', 'Geheimnis geändert'],
  ['Secret Delete', 'Geheimnis gelöscht'],
  ['Domain Add', 'Domain erlaubt'],
  ['Domain Remove', 'Domain nicht mehr erlaubt'],
  ['Report Update', 'Bericht geändert'],
  ['Lambda {} created', '{}'],
  ['Lambda {} deleted', '{}'],
  ['Lambda {} renamed to {}', '{} in {} umbenannt'],
  ['Lambda deployed', 'ausgerollt'],
  ['Lambda undeployed', 'außer Betrieb genommen'],
  ['Lambda rolled back to version {}', 'auf Version {} zurückgerollt'],
  ['Deployment failed: {}', 'ließ sich nicht ausrollen: {}'],
  ['Settings changed', 'Einstellungen geändert'],
  ['Version {} restored', 'Version {} wiederhergestellt'],
  ['Code changed', 'Quelltext geändert'],
  ['Language changed', 'Sprache geändert'],
  ['Environment changed', 'Umgebungsvariablen geändert'],
  ['Dependencies changed', 'Abhängigkeiten geändert'],
  ['Description changed', 'Beschreibung geändert'],
  ['Secret {} created', '{}'],
  ['Secret {} changed', '{}'],
  ['Secret {} deleted', '{}'],
  ['daily, {} recipient', 'täglich, Empfänger: {}'],
  ['daily, {} recipients', 'täglich, Empfänger: {}'],
  ['weekly, {} recipient', 'wöchentlich, Empfänger: {}'],
  ['weekly, {} recipients', 'wöchentlich, Empfänger: {}'],
  ['never, {} recipient', 'nie, Empfänger: {}'],
  ['never, {} recipients', 'nie, Empfänger: {}'],
  ['{}, paused', '{}, angehalten'],
]

/** What was done to functions and what they use; of one change there may be several things to say. */
export function activityTold(text: string): string {
  return text
    .split('; ')
    .map((one) => told(ACTIVITIES, one))
    .join('; ')
}
