/** The pictures of the documents, taken anew with `npm run pictures`: needs an empty node, for the list of people is in them. */
import { after, before, describe, test } from 'node:test';
import { missing, Theatre } from './stage.js';

const PHONE = { viewport: { width: 390, height: 700 }, isMobile: true, hasTouch: true };

describe('every state of the page', { skip: missing, timeout: 600_000 }, () => {
  let theatre: Theatre;
  before(async () => {
    theatre = await Theatre.open();
  });
  after(() => theatre.close());

  test('as pictures', async () => {
    const stranger = await theatre.stranger();
    await stranger.shot('welcome');
    const clara = await theatre.enter('Clara Schumann');
    const desk = await theatre.enter('Bela Bartok');
    const phone = await theatre.enter('Bela Bartok', PHONE);
    const ada = await theatre.enter('Ada Lovelace', { viewport: { width: 1240, height: 720 } });
    const dark = await theatre.enter('Joseph Haydn', { colorScheme: 'dark' });
    await ada.page.locator('.people').getByText('Joseph Haydn').waitFor();
    await ada.shot('board');

    await ada.call('Clara Schumann', 'sound');
    await clara.rings('Ada Lovelace');
    await clara.dialog.getByRole('button', { name: 'Decline' }).click();
    await ada.stage('Declined');
    await ada.shot('declined');

    await ada.call('Bela Bartok', 'video');
    await Promise.all([desk.rings('Ada Lovelace'), phone.rings('Ada Lovelace')]);
    await ada.stage('Ringing…');
    await Promise.all([ada.shot('calling'), desk.shot('ring'), phone.shot('ring-phone')]);
    await desk.accept();
    await phone.page.getByText(/Answered on another device/).waitFor();
    await phone.shot('elsewhere');
    await Promise.all([ada.seesVideo(), desk.seesVideo()]);
    await ada.page.getByRole('timer').waitFor();
    await ada.shot('call');
    await desk.press('Hold');
    await ada.stage('put you on hold');
    await ada.shot('held');
    await desk.press('Resume');
    await ada.seesVideo();
    desk.wire.cut();
    await desk.page.getByText('Reconnecting').waitFor();
    await desk.shot('reconnecting');
    desk.wire.mend();
    await desk.connected();
    await desk.press('End call');
    await ada.stage('Call ended');
    await ada.page.locator('.history').getByText('Bela Bartok').waitFor();
    await ada.shot('over');

    await dark.call('Ada Lovelace', 'video');
    await ada.rings('Joseph Haydn');
    await ada.accept();
    await dark.seesVideo();
    await dark.shot('dark');
    await dark.press('End call');
  });
});
