import { expect } from 'chai'
import { createHttpNotifier } from '../../../main/notifier/http-notifier.ts'
import { renderHere } from '../../../main/notifier/template-renderer.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { groupStatus, httpSettings, notificationOf, templateFile } from './fake-parts.ts'
import { type LocalHttpServer, localHttpServer } from './local-http-server.ts'

const open = notificationOf('open', groupStatus(StatusConstant.Warning), { tier: 'STG' })
const close = notificationOf('close', groupStatus(StatusConstant.OK))

describe('main/notifier/http-notifier', () => {
  let server: LocalHttpServer
  before(async () => {
    server = await localHttpServer()
  })
  after(() => server.close())
  beforeEach(() => server.received.splice(0))

  it('renders URL and body, of open and close', async () => {
    const notifier = createHttpNotifier(
      httpSettings({
        sendClose: true,
        urlOpen: `${server.url}/v1?id={{.ID}}`,
        urlClose: `${server.url}/v1/{{.Group}}`,
        methodClose: 'DELETE',
        templateOpen: templateFile('{{.Cluster}} {{.Group}} {{.Result.Status}} {{.Extras.tier}}\n'),
        templateClose: templateFile('{{.ID}} {{.Result.Status}}')
      }),
      renderHere
    )
    expect(await notifier.send(open)).to.deep.equal({ ok: true, note: '200' })
    await notifier.send(close)
    notifier.close()
    expect(server.received[0]).to.deep.include({ method: 'POST', url: '/v1?id=id-1', body: 'local g1 WARN STG\n' })
    expect(server.received[1]).to.deep.include({ method: 'DELETE', url: '/v1/g1', body: 'id-1 OK' })
  })

  it('lets no group write the URL or a header', async () => {
    const notifier = createHttpNotifier(
      httpSettings({ urlOpen: `${server.url}/g/{{.Group}}?a={{.Group}}`, templateOpen: templateFile('{{.Group}}') }),
      renderHere
    )
    const group = '../x?b=1&c\r\nX-Evil: 1 ä#'
    await notifier.send(notificationOf('open', groupStatus(StatusConstant.Warning, { group })))
    notifier.close()
    const escaped = encodeURIComponent(group)
    expect(server.received[0]).to.deep.include({ url: `/g/${escaped}?a=${escaped}`, body: group })
    expect(server.received[0]!.headers).not.to.have.property('x-evil')
  })

  it('fails a message, and says where, when its template does', async () => {
    const template = templateFile('{{.Nothing}}')
    const notifier = createHttpNotifier(httpSettings({ urlOpen: server.url, templateOpen: template }), renderHere)
    const error = await notifier.send(open).catch((caught: unknown) => caught)
    notifier.close()
    expect(error).to.be.instanceOf(BurrowError).with.property('code', 'TEMPLATE_FAILED')
    expect(server.received.length).to.equal(0)
  })

  it('refuses templates that cannot be, with the sentence of the original', () => {
    const make = (changes: Parameters<typeof httpSettings>[0]) => () =>
      createHttpNotifier(httpSettings({ urlOpen: 'http://x', templateOpen: templateFile('x'), ...changes }), renderHere)
    expect(make({ templateOpen: templateFile('{{') })).to.throw('Failed to compile TemplateOpen')
    expect(make({ templateOpen: '/not/there' })).to.throw('Failed to compile TemplateOpen')
    expect(make({ templateOpen: '' })).to.throw('Failed to compile TemplateOpen')
    expect(make({ urlOpen: '{{if' })).to.throw('Failed to compile url-open')
    const closing = { sendClose: true, urlClose: 'http://x' }
    expect(make({ ...closing, templateClose: templateFile('{{') })).to.throw('Failed to compile TemplateClose')
    expect(make({ ...closing, templateClose: '' })).to.throw('Failed to compile TemplateClose')
  })
})
