import type { CommonNotifierSettings, NotifierSettings } from '../../shared/notifier-settings.ts'
import type { ConfigTable } from './config-tree.ts'
import { readGroupLists } from './group-lists.ts'
import { readEmail } from './notifier-email.ts'
import { readAlertmanager, readHttp, readPagerDuty, readSlack, readTeams } from './notifier-http.ts'
import { readNamedFile } from './pem-files.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { checkClass, namedSections } from './sections.ts'

const classNames = ['http', 'email', 'null', 'slack', 'pagerduty', 'teams', 'alertmanager'] as const

/** Classes whose every message is rendered from a file; the others bring a message of their own, or send none. */
const templateClasses: readonly string[] = ['http', 'email']

/** `[notifier.NAME]` (spec 07 section 3). A section without a known class is a mistake and gives no settings. */
export function readNotifiers(root: ConfigTable, reading: Reading): readonly NotifierSettings[] {
  return namedSections(root, 'notifier', reading).flatMap(({ name, reader }) => {
    reader.warnNotBuilt('notifiers')
    const className = checkClass(reader, 'notifier', classNames)
    if (className === null) return [] // which keys it takes is not known either
    const settings = readClass(className, readCommon(name, className, reader), reader)
    reader.finish()
    return settings
  })
}

function readClass(className: string, common: CommonNotifierSettings, reader: SectionReader): NotifierSettings {
  switch (className) {
    case 'http':
      return readHttp(common, reader)
    case 'email':
      return readEmail(common, reader)
    case 'slack':
      return readSlack(common, reader)
    case 'pagerduty':
      return readPagerDuty(common, reader)
    case 'teams':
      return readTeams(common, reader)
    case 'alertmanager':
      return readAlertmanager(common, reader)
    default:
      return { className: 'null', ...common }
  }
}

function readCommon(name: string, className: string, reader: SectionReader): CommonNotifierSettings {
  const intervalSeconds = reader.integer('interval', 60, { min: 1, max: timerSecondsMax })
  const settings = {
    name,
    intervalSeconds,
    sendIntervalSeconds: reader.integer('send-interval', intervalSeconds, { min: 0, max: timerSecondsMax }),
    threshold: reader.integer('threshold', 2, { min: 1, max: 3 }),
    sendOnce: reader.flag('send-once', false),
    sendClose: reader.flag('send-close', false),
    extras: reader.strings('extras'),
    ...readGroupLists(reader)
  }
  if (settings.threshold === 1) reader.warn('threshold', 'the same as 2: a group that is OK opens nothing')
  const needed = templateClasses.includes(className)
  return {
    ...settings,
    templateOpen: readTemplate(reader, 'template-open', 'Failed to compile TemplateOpen', needed),
    templateClose: readTemplate(
      reader,
      'template-close',
      'Failed to compile TemplateClose',
      needed && settings.sendClose,
      settings.sendClose
    )
  }
}

/** The path of a file that can be read. One that is not used may be missing. */
function readTemplate(reader: SectionReader, key: string, sentence: string, needed: boolean, used = true): string {
  const path = reader.text(key)
  if (!used || (path === '' && !needed)) return ''
  try {
    if (path === '') throw new Error('no file is named')
    readNamedFile(path)
  } catch (error) {
    reader.refuse(key, `${sentence}: ${(error as Error).message}`, 'a file with a template')
  }
  return path
}
