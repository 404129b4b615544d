import { expect } from 'chai'
import { emailMessage, withoutControls } from '../../../main/notifier/email-message.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { groupStatus, notificationOf, partitionStatus } from './fake-parts.ts'

describe('main/notifier/email-message', () => {
  it('takes the subject from the first line and the body from below the blank one', () => {
    expect(emailMessage('Subject: [Burrow] lag\n\nHello\n\nworld\n')).to.deep.equal({
      subject: '[Burrow] lag',
      contentType: 'text/plain',
      body: 'Hello\n\nworld\n'
    })
  })

  it('takes a content type, without its parameters', () => {
    const text = 'Subject: x\nMIME-version: 1.0\nContent-Type: text/html; charset="UTF-8"\n\n<b>y</b>'
    expect(emailMessage(text)).to.deep.equal({ subject: 'x', contentType: 'text/html', body: '<b>y</b>' })
  })

  it('leaves in the body what looks like a header there (F10)', () => {
    const body = 'a; b\nContent-Type: text/html\nSubject: no\nMIME-version: 2'
    expect(emailMessage(`Subject: x\n\n${body}`)).to.deep.equal({ subject: 'x', contentType: 'text/plain', body })
    expect(emailMessage(`Subject: x\n${body}`).body).to.equal(body)
  })

  it('takes either line end', () => {
    expect(emailMessage('Subject: x\r\n\r\ny\r\n')).to.deep.include({ subject: 'x', body: 'y\n' })
  })

  it('refuses a text without a subject, or with a content type that is no text', () => {
    for (const text of ['', 'subject: x', '\nSubject: x', 'Content-Type: text/html\nSubject: x', ' Subject: x']) {
      expect(() => emailMessage(text), text).to.throw('does not begin with "Subject: "')
    }
    for (const type of ['application/json', 'text/html\u0000', 'x', 'text/']) {
      expect(() => emailMessage(`Subject: x\nContent-Type: ${type}\n\n`), type).to.throw('Content-Type')
    }
  })

  it('takes the control characters out of all names, and nothing else', () => {
    const result = groupStatus(StatusConstant.Warning, {
      group: 'a\r\nBcc: b',
      partitions: [partitionStatus({ owner: 'o\u2028\u0085x', currentLag: 7 })]
    })
    const { data } = notificationOf('open', result, { key: 'v\n' })
    const clean = withoutControls(data)
    expect(clean.group).to.equal('a\ufffd\ufffdBcc: b')
    expect(clean.extras).to.deep.equal({ key: 'v\ufffd' })
    expect(clean.result.partitions[0]).to.deep.include({ owner: 'o\ufffd\ufffdx', currentLag: 7, start: null })
    expect(clean).to.deep.include({ startMs: data.startMs, cluster: 'local' })
  })
})
