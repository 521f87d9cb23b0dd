import { spoken } from './index.ts'

/** What the page of a function's versions says. */
export const versionWords = spoken({
  en: {
    title: (name: string) => `Versions of ${name}`,
    list: 'Versions, newest first',
    version: 'Version',
    saved: 'Saved',
    deployments: 'Deployments',
    actions: 'Actions',
    newest: 'Draft',
    live: 'Live',
    restoredFrom: (version: number) => `as version ${version} was`,
    deployed: (name: string, who: string) => `${name} by ${who}`,
    failed: 'Failed',
    rolledBack: 'rolled back',
    compare: 'Compare',
    with: 'with',
    option: (version: number) => `Version ${version}`,
    changed: 'Different:',
    nothingChanged: 'Both are the same.',
    members: {
      code: 'source',
      description: 'description',
      environment: 'environment variables',
      dependencies: 'dependencies',
    },
    source: (version: number) => `Source of version ${version}`,
    toEditor: 'Editor',
    rollBack: 'Roll back',
    rollBackTitle: (version: number) => `Roll back to version ${version}?`,
    rollBackText: (from: number | undefined, to: number) =>
      from === undefined
        ? `Version ${to} will run for events and callers from now on.`
        : `Version ${to} will run instead of version ${from} from now on. No request fails meanwhile. The draft stays as it is.`,
    rolledBackTo: (version: number) => `Version ${version} is live again.`,
    restore: 'Make it the draft',
    restored: (version: number, from: number) =>
      `Version ${version} is saved, as version ${from} was. It is not deployed.`,
    only: 'There is only one version so far: a second one appears with the next save.',
  },
  de: {
    title: (name: string) => `Versionen von ${name}`,
    list: 'Versionen, neueste zuerst',
    version: 'Version',
    saved: 'Gespeichert',
    deployments: 'Ausgerollt',
    actions: 'Aktionen',
    newest: 'Entwurf',
    live: 'In Betrieb',
    restoredFrom: (version: number) => `wie Version ${version} war`,
    deployed: (name: string, who: string) => `${name} von ${who}`,
    failed: 'Fehlgeschlagen',
    rolledBack: 'zurückgerollt',
    compare: 'Vergleichen',
    with: 'mit',
    option: (version: number) => `Version ${version}`,
    changed: 'Verschieden:',
    nothingChanged: 'Beide sind gleich.',
    members: {
      code: 'Quelltext',
      description: 'Beschreibung',
      environment: 'Umgebungsvariablen',
      dependencies: 'Abhängigkeiten',
    },
    source: (version: number) => `Quelltext von Version ${version}`,
    toEditor: 'Editor',
    rollBack: 'Zurückrollen',
    rollBackTitle: (version: number) => `Zu Version ${version} zurückrollen?`,
    rollBackText: (from: number | undefined, to: number) =>
      from === undefined
        ? `Version ${to} läuft ab jetzt für Ereignisse und Aufrufe.`
        : `Version ${to} läuft ab jetzt statt Version ${from}. Dabei schlägt keine Anfrage fehl. Der Entwurf bleibt, wie er ist.`,
    rolledBackTo: (version: number) => `Version ${version} ist wieder in Betrieb.`,
    restore: 'Zum Entwurf machen',
    restored: (version: number, from: number) =>
      `Version ${version} ist gespeichert, wie Version ${from} war. Sie ist nicht ausgerollt.`,
    only: 'Bisher gibt es nur eine Version: Die zweite kommt mit dem nächsten Speichern.',
  },
})
