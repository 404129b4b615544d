import { expect } from 'chai'
import { addressToText, isLoopback } from '../../../main/httpserver/listen-address.ts'

describe('listen address', () => {
  it('is written as Go writes it', () => {
    expect(addressToText('127.0.0.1', 80)).to.equal('127.0.0.1:80')
    expect(addressToText('::', 8000)).to.equal('[::]:8000')
  })

  it('knows which addresses only this machine reaches', () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      expect(isLoopback(address), address).to.equal(true)
    }
    for (const address of ['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '1.127.0.0']) {
      expect(isLoopback(address), address).to.equal(false)
    }
  })
})
