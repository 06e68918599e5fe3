/* The calendar under a date opens a moment after its field got the focus. Whoever has gone on by then would leave it open
   over what comes next, and no key closes it there (WCAG 2.4.11). */
window.jQuery.fn.datetimepicker.defaults.onShow = (_time, [field]) => field === document.activeElement;
