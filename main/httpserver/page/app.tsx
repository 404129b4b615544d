import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { GroupPage } from './group/group-page.tsx'
import { GroupsPage } from './groups/groups-page.tsx'
import { monitor } from './live/live.ts'
import { useValue } from './live/value.ts'
import { MonitorPage } from './monitor/monitor-page.tsx'
import { Announcer } from './parts/announcer.tsx'
import { ConnectionBanner } from './parts/connection-banner.tsx'
import { Help } from './parts/help.tsx'
import { useKeys } from './parts/keys.ts'
import { ThemeButton } from './parts/theme.tsx'
import { anyGroups, hrefOf, type Place } from './place.ts'
import { usePlace } from './route.ts'
import { TopicPage } from './topics/topic-page.tsx'
import { TopicsPage } from './topics/topics-page.tsx'
import { visibleName } from './words/visible-name.ts'

export function App() {
  const place = usePlace()
  const [helpShown, showHelp] = useState(false)
  const main = useRef<HTMLElement>(null)
  const where = hrefOf(place).split('?')[0]
  useTitle(place)
  // A new page begins at its top, for eyes and for screen readers: before its keys are heard, or it would take the focus from
  // a search that somebody began at once.
  const first = useRef(true)
  useLayoutEffect(() => {
    if (!first.current) {
      scrollTo(0, 0)
      main.current?.focus({ preventScroll: true })
    }
    first.current = false
  }, [where])
  useKeys(({ key }) => {
    if (key === '?') showHelp(true)
  })
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="bar">
        <a class="brand" href={hrefOf({ page: 'groups', list: anyGroups })}>
          Burrow
        </a>
        <nav aria-label="Pages">
          <Tab to={{ page: 'groups', list: anyGroups }} here={place.page === 'groups' || place.page === 'group'}>
            Groups
          </Tab>
          <Tab
            to={{ page: 'topics', cluster: null, search: '' }}
            here={place.page === 'topics' || place.page === 'topic'}
          >
            Topics
          </Tab>
          <Tab to={{ page: 'monitor' }} here={place.page === 'monitor'}>
            Monitor
          </Tab>
        </nav>
        <Pulse />
        <button type="button" class="plain" onClick={() => showHelp(true)} aria-label="Help and keys" title="Help (?)">
          ?
        </button>
        <ThemeButton />
      </header>
      <ConnectionBanner />
      <main id="main" tabIndex={-1} ref={main}>
        <Page place={place} />
      </main>
      <Announcer />
      {helpShown && <Help close={() => showHelp(false)} />}
    </>
  )
}

function Page({ place }: { place: Place }) {
  switch (place.page) {
    case 'groups':
      return <GroupsPage wanted={place.list} />
    case 'group':
      return <GroupPage place={place} />
    case 'topics':
      return <TopicsPage cluster={place.cluster} search={place.search} />
    case 'topic':
      return <TopicPage cluster={place.cluster} topic={place.topic} />
    case 'monitor':
      return <MonitorPage />
  }
}

function Tab({ to, here, children }: { to: Place; here: boolean; children: string }) {
  return (
    <a href={hrefOf(to)} aria-current={here ? 'page' : undefined}>
      {children}
    </a>
  )
}

/** A dot that says whether figures come in. */
function Pulse() {
  const { state } = useValue(monitor.connection)
  const word = { connecting: 'connecting', live: 'live', stale: 'stale', lost: 'disconnected' }[state]
  return <span class={`pulse ${state}`}>{word}</span>
}

function useTitle(place: Place): void {
  const clusters = useValue(monitor.clusters)
  let errors = 0
  for (const { err } of clusters.values()) errors += err
  const { state } = useValue(monitor.connection)
  const count = state === 'live' && errors > 0 ? `(${errors} ERR) ` : ''
  const name = 'group' in place ? place.group : 'topic' in place ? place.topic : null
  const title = `${count}${name === null ? '' : `${visibleName(name, 60)} – `}Burrow`
  useEffect(() => {
    document.title = title
  }, [title])
}
