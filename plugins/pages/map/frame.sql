-- How large is the map?
select
  coalesce(min(x), 0) - 200 as x,
  coalesce(min(y), 0) - 200 as y,
  coalesce(max(x) - min(x), 0) + 400 as width,
  coalesce(max(y) - min(y), 0) + 400 as height
from places;
